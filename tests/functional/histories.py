"""Random histories of everything that people of two teams do to each other's records."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from openhouse.core.errors import NotFound, RequestError
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.crm.modules.listings import LISTINGS
from tests.fakes import DANA
from tests.functional.brokerage import STAFF
from tests.functional.conftest import World

ACTS = ("create", "edit", "move", "archive", "share", "give", "delete", "bulk", "convert")

_VISIBILITIES = ("team", "private", "broker")
_DAYS = (None, "2026-02-27", "2026-03-02", "2026-03-31", "2027-01-01")
_CENTS = (None, 0, 99, 1_250_000)
_SOLD = {"soldPriceCents": 40_000_000, "soldDate": "2026-03-01"}


class History:
    """`done` and `refused` count the acts, for a test to see that they happened."""

    def __init__(self, world: World) -> None:
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._world = world
        self._rooms: dict[tuple[Module, str], str] = {}
        self._random = Random()

    def act(self, name: str, seed: int) -> None:
        self._random.seed(seed)
        try:
            getattr(self, name)()
        except RequestError:
            self.refused[name] += 1
        else:
            self.done[name] += 1

    # The acts --------------------------------------------------------------------------------------------------------

    def create(self) -> None:
        self._begin(self._random.choice((ESCROWS, *MODULES)))

    def edit(self) -> None:
        module, id_, who = self._some()
        self._patch(module, id_, who, self._fields(module))

    def move(self) -> None:
        module, id_, who = self._some()
        self._patch(module, id_, who, {"status": self._next_status(module, id_, who)})

    def archive(self) -> None:
        module, id_, who = self._some()
        self._patch(module, id_, who, {"archived": self._random.random() < 0.7})

    def share(self) -> None:
        module, id_, who = self._some()
        self._patch(module, id_, who, {"visibility": self._random.choice(_VISIBILITIES)})

    def give(self) -> None:
        module, id_, who = self._some()
        who = who if self._random.random() < 0.3 else DANA
        owner = {"ownerId": self._random.choice(STAFF).user_id}
        team = {"teamId": self._random.choice(("north", "south"))}
        self._patch(module, id_, who, self._random.choice((owner, team, {**owner, **team})))

    def delete(self) -> None:
        module, id_, who = self._some()
        self._world.records.delete(module, who, id_)
        del self._rooms[module, id_]

    def bulk(self) -> None:
        module, _, who = self._some()
        ours = [id_ for (kind, id_), room in self._rooms.items() if kind is module and room in who.rooms]
        entries: list[Document] = []
        for _ in range(self._random.randint(1, 5)):
            id_ = self._random.choice(ours)
            shared = {**self._fields(module), "visibility": self._random.choice(_VISIBILITIES)}
            moved = {"status": self._next_status(module, id_, who)}
            changes = self._random.choice((shared, moved, {"colour": "red"}))
            new = {"record": self._document(module, who)}
            entries.append(self._random.choice(({"id": id_, "changes": changes}, new)))
        results = self._world.bulk.write(module, who, entries)
        written = {result["id"] for result in results if "id" in result}
        for record in self._world.records.read_some(module, who, written).values():
            self._keep(module, record.wire())

    def convert(self) -> None:
        if not any(module is LEADS for module, _ in self._rooms):
            self._begin(LEADS)
        _, id_, who = self._some(LEADS)
        if self._world.records.read(LEADS, who, id_).status in ("new", "contacted"):
            self._patch(LEADS, id_, who, {"status": "qualified"})
        both = self._world.records.convert(LEADS, who, id_, self._random.choice(({}, {}, {"visibility": "broker"})))
        self._keep(LEADS, both["lead"])
        self._keep(CLIENTS, both["client"])

    # -----------------------------------------------------------------------------------------------------------------

    def _some(self, *modules: Module) -> tuple[Module, str, Principal]:
        """A record, and someone who can reach it."""
        known = [(module, id_) for module, id_ in self._rooms if not modules or module in modules]
        if not known:
            raise NotFound("nothing has been created yet")
        module, id_ = self._random.choice(known)
        able = [who for who in STAFF if self._rooms[module, id_] in who.rooms]
        return module, id_, self._random.choice(able)

    def _begin(self, module: Module) -> None:
        who = self._random.choice(STAFF)
        self._keep(module, self._world.records.create(module, who, self._document(module, who)))

    def _patch(self, module: Module, id_: str, who: Principal, patch: Document) -> None:
        self._keep(module, self._world.records.patch(module, who, id_, patch))

    def _keep(self, module: Module, record: Document) -> None:
        self._rooms[module, record["id"]] = record["room"]

    def _next_status(self, module: Module, id_: str, who: Principal) -> str:
        before = self._world.records.read(module, who, id_).status
        return self._random.choice(module.transitions[before] or (before,))

    def _document(self, module: Module, who: Principal) -> Document:
        place: dict[str, Any] = {"visibility": self._random.choice(_VISIBILITIES)}
        if len(who.team_ids) > 1 or self._random.random() < 0.1:
            place["teamId"] = self._random.choice(("north", "south"))
        if who.role in ("lead", "broker") and self._random.random() < 0.3:
            place["ownerId"] = self._random.choice(STAFF).user_id
        fields = {name: value for name, value in self._fields(module).items() if value is not None}
        return {**module.example, **(_SOLD if module is LISTINGS else {}), **fields, **place}

    def _fields(self, module: Module) -> Document:
        if module is not ESCROWS:
            return {"archived": self._random.random() < 0.2}
        return {
            "purchasePriceCents": self._random.choice(_CENTS),
            "commissionTotalCents": self._random.choice(_CENTS),
            "actualCloseDate": self._random.choice(_DAYS),
            "closeOfEscrowDate": self._random.choice(_DAYS),
        }
