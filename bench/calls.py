"""The AWS calls of one change, counted on the functions' real code, the units they would cost, and the bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.api_gateway import api_gateway
from bench.functions import functions
from bench.meter import Line, Meter
from openhouse.core.room_names import team_room

ROOM = team_room("north")
# What dashboards show: 50 records of about 2 KB on a dashboard.
RECORDS = [
    {"propertyAddress": f"{number} Harbor Way", "city": "Davis", "purchasePriceCents": 42_500_000, "notes": "n" * 1_300}
    for number in range(50)
]


@dataclass(frozen=True)
class Counted:
    patch: Sequence[Line]  # one change of one record, from the request to its last viewer
    refetch: Sequence[Line]  # one viewer fetching the list once
    viewers: int
    patch_bytes: int  # that all viewers received together
    refetch_bytes: int  # that one viewer receives in fetching the list

    def wire(self) -> dict[str, Any]:
        return {
            "viewers": self.viewers,
            "patch": [line.wire() for line in self.patch],
            "refetch": [line.wire() for line in self.refetch],
            "patchBytes": self.patch_bytes,
            "refetchBytes": self.refetch_bytes,
        }


def count(records: Sequence[Mapping[str, Any]], viewers: Sequence[int]) -> Iterator[Counted]:
    """`records` are created in one team's room; then, for each of these numbers of viewers, one of them is changed."""
    with api_gateway(everyone=True) as api, functions(api, Meter) as stack:
        created = [json.loads(stack.call("POST", "/escrows", record)) for record in records]
        query = {"limit": str(len(records))}
        stack.call("GET", "/escrows", query=query)  # opens the logs of all rooms
        path = f"/escrows/{created[0]['id']}"
        stack.call("PATCH", path, {"purchasePriceCents": 1})  # one like those that follow
        for each in viewers:
            stack.watch(ROOM, each)
            stack.observer.take()
            stack.call("PATCH", path, {"purchasePriceCents": 1_000 + each})
            stack.deliver(ROOM)
            patching, posted = stack.observer.take(), api.take()
            page = stack.call("GET", "/escrows", query=query)
            yield Counted(
                [*patching, Line("fanout", "PostToConnection", posted.posts, 0.0, 0.0)],
                stack.observer.take(),
                each,
                posted.bytes,
                len(page.encode()),
            )
