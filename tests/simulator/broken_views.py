"""Breakages of who looks at what, and who is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openhouse.collaboration.views import Place, Views
from openhouse.core.errors import NotFound
from openhouse.crm.reach import Named
from openhouse.rooms.connections import Connection, Connections
from tests.simulator.world import Parts


class AsksNobodyWhetherTheyAreStillThere(Connections):
    def still_in(self, room: str, connection_ids: Iterable[str]) -> set[str]:
        return set(connection_ids)


class LetsAnyoneLook(Views):
    def _place_for(self, connection: Connection, named: Named) -> Place:
        place = self._reach._place(connection.principal, named)
        if place is None:
            raise NotFound("there is no such record")
        return Place(place.room, *named)


class RemembersPlaces(Views):
    """Looks for a record when it is looked at first, and not again."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._known: dict[tuple[str, Named], Place] = {}

    def _place_for(self, connection: Connection, named: Named) -> Place:
        key = connection.id, named
        if key not in self._known:
            self._known[key] = super()._place_for(connection, named)
        return self._known[key]


BROKEN_VIEWS: Mapping[str, Parts] = {
    "hints go to sockets that have left the room": Parts(
        services={Connections: AsksNobodyWhetherTheyAreStillThere}, onlookers=True
    ),
    "whoever knows its id looks at a record": Parts(services={Views: LetsAnyoneLook}, onlookers=True),
    "a record is looked at where it was": Parts(services={Views: RemembersPlaces}, onlookers=True),
}
