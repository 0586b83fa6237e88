# Every target explains itself: `make` prints this list.
.DEFAULT_GOAL := help
SHELL := /bin/bash
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
# The first of these names that fits; where none does, plain python3, for the sentence that refuses it.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
  "$$name" -c '$(FITS)' >/dev/null 2>&1 && { echo "$$name"; exit; }; done; echo python3)
PYTHONS ?= python3.11 python3.12 python3.13
UV := .tools/bin/uv
BIN := .venv/bin
SETUP := .venv/.ready
WORKERS ?= 2

.PHONY: help
help: ## print what there is
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

define SUPPORTED
"$(PYTHON)" -c '$(FITS)' 2>/dev/null || { \
  echo "$(PYTHON) is $$("$(PYTHON)" --version 2>/dev/null || echo "not there"); Python 3.11, 3.12 and 3.13 are" \
    "supported. Choose another by its name or path: make PYTHON=python3.12 $(or $(MAKECMDGOALS),setup)" >&2; exit 1; }
endef

$(UV):
	@$(SUPPORTED)
	@echo "Putting uv into .tools (once)"
	@$(PYTHON) -m venv .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check uv

PROJECTS := $(wildcard pyproject.toml proto/pyproject.toml libs/*/pyproject.toml services/*/pyproject.toml)
$(SETUP): $(UV) uv.lock $(PROJECTS) $(shell find proto -name '*.proto' 2>/dev/null)
	@$(SUPPORTED)
	@echo "Installing the workspace into .venv"
	@UV_PYTHON=$(PYTHON) UV_PYTHON_DOWNLOADS=never $(UV) sync --locked --quiet
	@touch $@

.PHONY: setup
setup: $(SETUP) ## install everything into the checkout (.tools, .venv)

.PHONY: test
test: $(SETUP) lint ## run every test: real PostgreSQL and a real Kafka broker are started by the tests
	@$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=loadfile --no-loadscope-reorder

.PHONY: test-pythons
test-pythons: $(SETUP) ## the tests of proofs and of ingest on every Python; PYTHONS="NAME …" says which there are
	@for python in $(PYTHONS); do \
	  place=.venv-$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') || exit 1; \
	  echo "$$python in $$place"; \
	  UV_PROJECT_ENVIRONMENT=$$place UV_PYTHON=$$python UV_PYTHON_DOWNLOADS=never $(UV) sync --locked --quiet \
	    && $$place/bin/python -m pytest -q libs/proof services/ingest || exit 1; \
	done

.PHONY: lint
lint: $(SETUP) ## ruff, mypy strict, import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

.PHONY: format
format: $(SETUP) ## let ruff format and mend what it can
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

.PHONY: requirements
requirements: $(SETUP) ## print which requirements of the guide have passing tests, by the last test run
	@$(BIN)/python -m zerocarbon.common.testing.requirement_report

.PHONY: docs
docs: $(SETUP) ## make the published contracts again from the code: JSON Schemas, AsyncAPI
	@$(BIN)/python -m zerocarbon.contracts.export docs/contracts libs/common/tests/golden

.PHONY: up
up: $(SETUP) ## run the four services on loopback, data in var/ (Ctrl-C stops; start again and go on)
	@$(BIN)/zerocarbon up

.PHONY: demo
demo: $(SETUP) ## a year of readings to a declaration; METER_DATA=FILE takes a real file, TODAY=1 asks on today's date
	@$(BIN)/zerocarbon demo $(if $(METER_DATA),--meter-data "$(METER_DATA)") \
	  $(if $(METER_MAPPING),--meter-mapping "$(METER_MAPPING)") $(if $(TODAY),--today)

.PHONY: demo-kafka
demo-kafka: $(SETUP) ## the same on a real Kafka broker, each service and each relay a process of its own
	@$(BIN)/zerocarbon demo --kafka

.PHONY: demo-picture
demo-picture: $(SETUP) ## run the demo and take the README's picture of what it prints: docs/demo.svg
	@$(BIN)/zerocarbon demo --svg docs/demo.svg

.PHONY: kafka
kafka: $(SETUP) ## a Kafka broker until Ctrl-C: the one in KAFKA_BOOTSTRAP_SERVERS, else Docker's, else from its jars
	@$(BIN)/python -m zerocarbon.common.bus var/kafka

.PHONY: reset
reset: ## throw away the data of `make up` and of the demos
	@if [ -x $(BIN)/zerocarbon ]; then $(BIN)/zerocarbon reset; \
	  else rm -rf var demo-output && echo "var/ and demo-output/ are gone"; fi

.PHONY: bench
bench: $(SETUP) ## measure fold, append, relay and latency (ten minutes on a quiet machine); BENCH=fold for one of them
	@$(BIN)/python -m benchmarks$(if $(BENCH),.$(BENCH)) $(ARGS)
