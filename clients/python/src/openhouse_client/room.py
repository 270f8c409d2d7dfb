"""The order of one room. Pure: no clock, no randomness, no I/O; whoever feeds it decides when to ask the server.

The rule: what is known of a room is exactly the log up to `position`. The next commit is let through, older ones are
repeats, newer ones wait. Whenever the log is known to reach further than that, the room says so by `need`.
"""

from __future__ import annotations

from enum import Enum

from openhouse_client.protocol import Commit, Position, RoomReply

HELD = 256  # commits of one room that may wait; those dropped beyond are asked for again


class Need(Enum):
    NOTHING = "nothing"
    SYNC = "sync"  # the log reaches further than our position, or may have changed its epoch: ask the server
    REFETCH = "refetch"  # no replay leads on from where we were: load the state, then `reset` to its position


class Room:
    def __init__(self, position: Position | None = None, *, capacity: int = HELD) -> None:
        self._position = position
        self._capacity = capacity
        self._held: dict[Position, Commit] = {}
        self._heads: dict[str, int] = {}  # by epoch, the highest seq heard of; outlives held commits that were dropped
        self._lost = False
        self._epoch = position.epoch if position else None  # of what is known, also while a refetch is due
        self._anew = False

    @property
    def position(self) -> Position | None:
        """Everything up to here has been let through; None before the first `reset`, and while a refetch is due."""
        return self._position

    @property
    def begun_anew(self) -> bool:
        """What was known of the room may never have been: the server's tables were restored. Until the next `reset`."""
        return self._anew

    @property
    def need(self) -> Need:
        if self._lost:
            return Need.REFETCH
        if self._position is None:
            return Need.SYNC
        # Epochs have no order: a commit of another one is of the log's next life, or a late one of its last. Only the
        # server knows.
        epoch, seq = self._position
        return Need.SYNC if any(other != epoch or head > seq for other, head in self._heads.items()) else Need.NOTHING

    def receive(self, commit: Commit) -> list[Commit]:
        """The commits that are in order now: none, this one, or this one and those that waited for it."""
        position = commit.position
        if self._covers(position):
            return []
        self.heard(position)
        self._held[position] = commit
        released = self._release()
        if len(self._held) > self._capacity:
            # The furthest is the last that would be of use, and `_heads` remembers that it exists.
            del self._held[max(self._held, key=lambda held: held.seq)]
        return released

    def heard(self, head: Position) -> None:
        """The log is known to reach `head`."""
        self._heads[head.epoch] = max(head.seq, self._heads.get(head.epoch, 0))

    def resumed(self, asked: Position | None, reply: RoomReply) -> None:
        """Takes the reply to a `sync` sent with `asked`. No `reset` may come between the question and its reply.

        The replayed commits came as frames of their own; a reply is no proof that they arrived, so it never moves the
        position.
        """
        head = reply.reached
        self._held = {held: commit for held, commit in self._held.items() if held.epoch == head.epoch}
        self._heads = {head.epoch: max(head.seq, self._heads.get(head.epoch, 0))}
        # A log shorter than what we have seen of it was restored from a backup, even if nobody gave it a new epoch.
        contradicts = asked is None or asked.epoch != head.epoch or asked.seq > head.seq
        shorter = asked is not None and asked.epoch == head.epoch and asked.seq > head.seq
        self._anew = self._anew or shorter or self._epoch not in (None, head.epoch)
        if reply.reset or contradicts:
            self._position, self._lost = None, True

    def reset(self, position: Position) -> list[Commit]:
        """Goes on from `position`, the state up to which was loaded elsewhere. Returns the held commits after it."""
        self._position, self._epoch, self._lost, self._anew = position, position.epoch, False, False
        self._held = {held: commit for held, commit in self._held.items() if not self._covers(held)}
        return self._release()

    def _covers(self, position: Position) -> bool:
        ours = self._position
        return ours is not None and position.epoch == ours.epoch and position.seq <= ours.seq

    def _release(self) -> list[Commit]:
        released: list[Commit] = []
        while self._position and (commit := self._held.pop(self._position.next, None)):
            self._position = commit.position
            released.append(commit)
        return released
