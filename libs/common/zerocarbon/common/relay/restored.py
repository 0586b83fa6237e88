"""Why a relay refuses: what readers hold and what its store holds are not the same story."""

from __future__ import annotations

from zerocarbon.common.bus.port import TopicPartition
from zerocarbon.common.relay.log_tail import Sent

_SAME_STORY = (
    "If nothing that was published is missing (a planned failover, a complete reload), give the store its"
    " name back as docs/adr/0009-restores.md says: the relay then holds the log against it before it sends."
)
_WAY_ON = (
    "Nothing is sent. Either bring back the database that was published; or, to publish this one from its"
    " first event: stop the services that read it, delete its topics, delete the rows of this relay from"
    " relay_sequence, relay_topic and relay_state, start the relay, and let every reader begin anew with"
    " empty tables. See docs/adr/0009-restores.md."
)


class StoreRestored(Exception):
    """The store is not the one that was published: nothing can be sent without guessing.

    Readers may hold events that a restored store has lost, and a position of one database says nothing about
    another: going on could leave events out, starting anew would count the old ones twice.
    """

    def __init__(self, relay: str, found: str) -> None:
        super().__init__(f"relay {relay}: {found} {_WAY_ON}")
        self.relay = relay

    @classmethod
    def another_incarnation(cls, relay: str, published: str, found: str) -> StoreRestored:
        """The store knows itself that its database is another, or was put back to another moment."""
        return cls(
            relay,
            f"incarnation {published} of the store was published, but this database holds incarnation"
            f" {found}: it was restored, copied, or promoted from a standby. {_SAME_STORY}",
        )

    @classmethod
    def log_differs(cls, relay: str, at: TopicPartition, sent: Sent, event_id: str | None) -> StoreRestored:
        """A number that readers have as one event is another's in the store, or nobody's (`None`)."""
        ours = f"event {event_id}" if event_id is not None else "no event"
        return cls(
            relay,
            f"{at.topic}/{at.partition} holds number {sent.number} of this store as event {sent.event_id}"
            f" (offset {sent.offset}), but the store has {ours} for that number: its database was put back to"
            " an earlier moment, or a copy of it was published too. Readers would take what comes under"
            " these numbers for repeats and drop it.",
        )

    @classmethod
    def log_lacks(cls, relay: str, at: TopicPartition, sent: Sent, published: int) -> StoreRestored:
        """The log ends before what it had acknowledged."""
        return cls(
            relay,
            f"{at.topic}/{at.partition} ends with number {sent.number} of this store (offset {sent.offset}),"
            f" but {published} was acknowledged: the log has lost records, readers would halt at the gap.",
        )

    @classmethod
    def log_lost(cls, relay: str, at: TopicPartition, published: int) -> StoreRestored:
        """The log holds nothing of what it had acknowledged."""
        return cls(
            relay,
            f"{at.topic}/{at.partition} holds no event of this store, but {published} were acknowledged: the"
            " topic was deleted or the cluster has lost its data. What comes next would stand there without"
            " what went before.",
        )
