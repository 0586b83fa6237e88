"""Compiles the gRPC contracts into `generated/`, as part of every build of this distribution."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc_tools
from grpc_tools import protoc
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileProto(BuildHookInterface):
    """Runs protoc over every contract before the wheel is put together."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_contracts(Path(self.root))


def compile_contracts(root: Path) -> None:
    """Writes messages, services and type stubs of all contracts below `root` into `root/generated`.

    Raises:
        RuntimeError: protoc refused a contract; it has printed which line and why.
    """
    contracts = sorted(path.relative_to(root) for path in (root / "zerocarbon").rglob("*.proto"))
    target = root / "generated"
    (target / "zerocarbon").mkdir(parents=True, exist_ok=True)
    if not contracts:
        return
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    status = protoc.main(
        [
            "protoc",
            f"--proto_path={root}",
            f"--proto_path={well_known}",
            f"--python_out={target}",
            f"--pyi_out={target}",
            f"--grpc_python_out={target}",
            *(str(path) for path in contracts),
        ]
    )
    if status != 0:
        raise RuntimeError(f"protoc ended with status {status}")
