"""Any order of commands: no unit is lost, made, or used twice. A second, unit-by-unit ledger judges."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from zerocarbon.certificates.domain.block import Block, evolve
from zerocarbon.certificates.domain.claim import Claim
from zerocarbon.certificates.domain.expire import ExpireUnits, expire_units
from zerocarbon.certificates.domain.release import ReleaseUnits, release_units
from zerocarbon.certificates.domain.reserve import Beneficiary, ReserveUnits, reserve_units
from zerocarbon.certificates.domain.retire import (
    ConfirmRetirement,
    SubmitRetirement,
    confirm_retirement,
    submit_retirement,
)
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.domain.transfer import TransferUnits, transfer_units
from zerocarbon.certificates.domain.withdraw import WithdrawUnits, withdraw_units
from zerocarbon.certificates.schemes.catalogue import schemes
from zerocarbon.common.ids import natural_id
from zerocarbon.common.refusal import Refused
from zerocarbon.contracts.certificate import (
    BlockIssued,
    Project,
    UnitsExpired,
    UnitsReleased,
    UnitsReserved,
    UnitsRetired,
    UnitsWithdrawn,
)

SIZE = 24
ORGANISATIONS = [natural_id("organisation", name) for name in "ab"]
REQUESTS = [natural_id("request", name) for name in "pqr"]
CLAIM = Claim(natural_id("factory"), "scope2-claim", date(2024, 1, 1), date(2025, 1, 1))
RANGES = st.lists(st.integers(0, SIZE), min_size=2, max_size=2, unique=True).map(
    lambda pair: SerialRange(min(pair), max(pair))
)
_NEXT = {
    UnitsReserved: ({"held"}, "reserved"),
    UnitsReleased: ({"reserved"}, "held"),
    UnitsRetired: ({"held", "reserved"}, "retired"),
    UnitsExpired: ({"held"}, "expired"),
}
# A withdrawal follows a release: what was reserved is held by then.
_WITHDRAWN = {
    "void": ({"held", "retired", "expired", "sent-out"}, "cancelled"),
    "used-elsewhere": ({"held", "retired", "expired"}, "sent-out"),
}


class Ledger(RuleBasedStateMachine):
    """The block against a list with one state for each unit."""

    def __init__(self) -> None:
        super().__init__()
        issued = BlockIssued(
            block_id=natural_id("block"),
            organisation_id=ORGANISATIONS[0],
            scheme="IREC_CN",
            registry="evident",
            serial="A",
            low=0,
            high=SIZE,
            unit="MWh",
            project=Project(
                code="p", name="p", technology="onshore-wind", country="CN", location="x", subsidised=False
            ),
            vintage_start=date(2024, 1, 1),
            vintage_end=date(2024, 2, 1),
            issued_on=date(2024, 3, 1),
        )
        state = evolve(None, issued)
        assert state is not None
        self.block: Block = state
        self.units = ["held"] * SIZE
        self.retired_once: set[int] = set()

    def apply(self, decide: Any) -> None:
        try:
            events = decide()
        except Refused:
            return
        for event in events:
            if isinstance(event, UnitsWithdrawn):
                self.step(event, *_WITHDRAWN[event.cause])
            elif type(event) in _NEXT:
                allowed, becomes = _NEXT[type(event)]
                self.step(event, allowed, becomes)
            if isinstance(event, UnitsRetired):
                again = self.retired_once & set(range(event.low, event.high))
                assert not again, f"{again} retired twice"
                self.retired_once |= set(range(event.low, event.high))
            state = evolve(self.block, event)
            assert state is not None
            self.block = state

    def step(self, event: Any, allowed: set[str], becomes: str) -> None:
        for unit in range(event.low, event.high):
            assert self.units[unit] in allowed, f"{type(event).__name__} of a {self.units[unit]} unit"
            self.units[unit] = becomes

    @rule(range_=RANGES, organisation=st.sampled_from(ORGANISATIONS), request=st.sampled_from(REQUESTS))
    def reserve(self, range_: SerialRange, organisation: str, request: str) -> None:
        command = ReserveUnits(
            range_,
            organisation,
            natural_id("reservation", request, str(range_.low)),
            request,
            CLAIM,
            Beneficiary(CLAIM.factory_id, "CN"),
            datetime(2025, 7, 1, tzinfo=UTC),
            date(2025, 6, 1),
        )
        self.apply(lambda: reserve_units(command, self.block, schemes()["IREC_CN"]))

    @rule(request=st.sampled_from(REQUESTS))
    def submit(self, request: str) -> None:
        self.apply(lambda: submit_retirement(SubmitRetirement(request), self.block))

    @rule(range_=RANGES, organisation=st.sampled_from(ORGANISATIONS), request=st.sampled_from(REQUESTS))
    def confirm(self, range_: SerialRange, organisation: str, request: str) -> None:
        retirement = natural_id("retirement", request, str(range_))
        command = ConfirmRetirement(range_, organisation, request, retirement, CLAIM, date(2025, 6, 2), "R-1")
        self.apply(lambda: confirm_retirement(command, self.block))

    @rule(request=st.sampled_from(REQUESTS))
    def release(self, request: str) -> None:
        self.apply(lambda: release_units(ReleaseUnits(request, "time is over"), self.block))

    @rule(range_=RANGES, pair=st.permutations(ORGANISATIONS))
    def transfer(self, range_: SerialRange, pair: list[str]) -> None:
        command = TransferUnits(range_, pair[0], pair[1], "T-1")
        self.apply(lambda: transfer_units(command, self.block, schemes()["IREC_CN"]))

    @precondition(lambda self: "retired" in self.units)
    @rule(range_=RANGES, cause=st.sampled_from(sorted(_WITHDRAWN)))
    def withdraw(self, range_: SerialRange, cause: Any) -> None:
        self.apply(lambda: withdraw_units(WithdrawUnits(range_, "told by the registry", cause), self.block))

    @precondition(lambda self: "cancelled" in self.units)
    @rule()
    def expire(self) -> None:
        self.apply(lambda: expire_units(ExpireUnits(date(2030, 1, 1)), self.block, schemes()["GEC"]))

    @invariant()
    def the_tiles_cover_the_block(self) -> None:
        borders = [0]
        for tile in self.block.holdings:
            assert tile.range.low == borders[-1]
            borders.append(tile.range.high)
        assert borders[-1] == SIZE

    @invariant()
    def every_unit_is_in_its_state(self) -> None:
        found = [tile.state for tile in self.block.holdings for _ in range(tile.range.quantity)]
        assert found == self.units


Ledger.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestLedger = Ledger.TestCase
