"""What somebody should look at."""

from __future__ import annotations

from typing import ClassVar, Literal

from zerocarbon.contracts.base import Event, Id, Text, topic

ALERT = topic("alert")


class AlertRaised(Event):
    """A condition that a person should look at. `rule` names it, `subject_id` is what it is about."""

    TYPE: ClassVar[str] = "zerocarbon.alert.alert-raised.v1"
    TOPIC: ClassVar[str] = ALERT
    organisation_id: Id | None = None
    subject_id: Text
    rule: Text
    severity: Literal["notice", "warning", "alarm"]
    message: Text

    def key(self) -> str:
        return self.subject_id

    def subject(self) -> str:
        return f"alert/{self.rule}"
