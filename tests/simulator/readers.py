"""What people read who have no client open: a record, its history, lists of all and of what was deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openhouse.crm.history import HistoryQuery
from openhouse.crm.list_query import ListQuery
from openhouse.storage.keys import Item, RecordPlace
from tests.simulator.people import BUSY, People
from tests.simulator.record_checks import RecordChecks
from tests.simulator.view import all_records
from tests.simulator.world import DEAL, World


class Readers:
    def __init__(self, world: World, people: People, checks: RecordChecks) -> None:
        self._world = world
        self._people = people
        self._choices = world.choices
        self._checks = checks

    def read(self) -> None:
        """Something, by somebody, who may not be let to it."""
        user_id = self._choices.pick(BUSY)
        self._choices.pick((self._history, self._deleted, self._list, self._record))(user_id)

    def _list(self, user_id: str, *, deleted: bool = False) -> None:
        def work() -> Any:
            query = ListQuery(limit=1 + self._choices.below(3), deleted=deleted)
            return self._world.lists.page(DEAL, self._people.principal(user_id), query)

        since = self._checks.ledger.moment
        page = self._ask(f"{user_id} lists what {'was deleted' if deleted else 'is there'}", work)
        if page is not None:
            self._checks.was_read(user_id, since, page["items"])

    def _deleted(self, user_id: str) -> None:
        self._list(user_id, deleted=True)

    def _record(self, user_id: str) -> None:
        record = self._any()
        if record is not None:
            since, id_ = self._checks.ledger.moment, RecordPlace.of(record).id
            found = self._ask(
                f"{user_id} reads {id_}",
                lambda: self._world.records.read(DEAL, self._people.principal(user_id), id_).wire(),
            )
            if found is not None:
                self._checks.was_read(user_id, since, [found])

    def _history(self, user_id: str) -> None:
        record = self._any()
        if record is None:
            return
        since, id_ = self._checks.ledger.moment, RecordPlace.of(record).id

        def work() -> Any:
            principal = self._people.principal(user_id)
            found = self._world.records.with_history(DEAL, principal, id_)
            return self._world.history.page(principal, DEAL.noun, found, HistoryQuery(limit=1 + self._choices.below(5)))

        page = self._ask(f"{user_id} reads the history of {id_}", work)
        if page is not None:
            self._checks.history_was_read(user_id, since, id_, page)

    def _any(self) -> Item | None:
        """Deleted or not, within reach or not."""
        found = [*all_records(self._world), *all_records(self._world, deleted=True)]
        return self._choices.pick(found) if found else None

    def _ask(self, words: str, work: Callable[[], Any]) -> Any:
        self._world.say(words)
        answer = self._world.functions.invoke("crm", work)
        return answer.value if answer.ok else None
