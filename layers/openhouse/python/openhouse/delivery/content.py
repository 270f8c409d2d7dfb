"""What is sent to everyone in a room, and what the log says of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from openhouse.rooms.gateway import Frame, FrameKind, Missed, pack

MOST_TOLD = 20  # of ids in one line of the log, which is paid for by its length


@dataclass(frozen=True)
class Content:
    """Frames that were packed and hashed once. `commits`: those that they hold, the oldest first."""

    frames: Sequence[Frame]
    commits: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, texts: Sequence[str], commits: Sequence[Mapping[str, Any]] | None = None) -> Self:
        """`texts`: the commits as JSON, in order; `commits`: the same, parsed, if that was done already."""
        return cls(pack(FrameKind.COMMITS, texts), commits or [json.loads(text) for text in texts])

    @property
    def fields(self) -> dict[str, Any]:
        """Of a log line: which commits these are, and on whose behalf they were written."""
        if not self.commits:
            return {"commits": 0}
        first, last = self.commits[0], self.commits[-1]
        requests = [*dict.fromkeys(commit["request"] for commit in self.commits if commit.get("request"))]
        return {
            "commits": len(self.commits),
            "epoch": last.get("epoch"),
            "first_seq": first.get("seq"),
            "last_seq": last.get("seq"),
            "requests": requests[:MOST_TOLD],
        }

    def ages(self, now: datetime) -> list[float]:
        """Milliseconds since each commit, as far as that is known."""
        written = [datetime.fromisoformat(commit["at"]) for commit in self.commits if commit.get("at")]
        return [max(0.0, (now - at).total_seconds() * 1_000) for at in written]


def told_of(missed: Missed) -> dict[str, str]:
    """Of a log line: what became of the first sockets that did not get everything."""
    return {id_: outcome.value for id_, outcome in [*missed.items()][:MOST_TOLD]}
