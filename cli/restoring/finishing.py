"""What is to be done once the functions use restored tables: sockets are closed, so that everybody comes back at once;
what is derived from records, and was restored as it was at some other moment, is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.reminders import schedule_brokerage
from cli.restoring.people import keep_sessions_ended, people
from cli.restoring.scanning import scanned
from cli.search import rebuild_brokerage
from deployed.terminal import CommandFailed, Tell
from openhouse.collaboration.reminders import AppointmentSchedules
from openhouse.services import Services
from openhouse.storage.item_kinds import BROKERAGES, CONNECTIONS
from openhouse.storage.keys import Item, connection_of, restoration_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CLOSED_AT_ONCE = 200


@dataclass
class Finished:
    """`sockets`: that were asked to close; `rows`: of the search index, that were missing or led nowhere."""

    sockets: int = 0
    brokerages: int = 0
    rows: int = 0
    reminders: int = 0


class Finishing:
    """`close` is handed ids of connections, which may have ended. May be repeated."""

    def __init__(
        self,
        client: DynamoDBClient,
        services: Services,
        schedules: AppointmentSchedules,
        close: Callable[[Sequence[str]], None],
    ) -> None:
        self._client = client
        self._services = services
        self._schedules = schedules
        self._close = close

    def run(self, table: str, tell: Tell) -> Finished:
        """`table`: the one in use. Raises CommandFailed if it was not restored."""
        note = self._services.table.get(restoration_key())
        if note is None:
            raise CommandFailed("The deployment does not use restored tables: write cdk.json, and `make deploy` first.")
        done = Finished()
        old = str(note["of"][0])
        # Once more: before the deployment people were still revoked in the old table.
        keep_sessions_ended(self._services.table, people(self._client, table), people(self._client, old))
        before, now = self._read(old), self._read(table)
        ids = sorted({connection_of(item) for item in (*before, *now) if CONNECTIONS.has(item)})
        for start in range(0, len(ids), CLOSED_AT_ONCE):
            self._close(ids[start : start + CLOSED_AT_ONCE])
            done.sockets = min(start + CLOSED_AT_ONCE, len(ids))
            tell(f"{done.sockets:,} sockets")
        for brokerage_id in [str(item["brokerage_id"]) for item in now if BROKERAGES.has(item)]:
            rebuilt = rebuild_brokerage(self._services, brokerage_id, tell)
            done.rows += rebuilt.rows + rebuilt.stale
            done.reminders += schedule_brokerage(self._services, self._schedules, brokerage_id, tell)
            done.brokerages += 1
        return done

    def _read(self, table: str) -> list[Item]:
        """Connections and brokerages; none of a table that is gone."""
        try:
            return [*scanned(self._client, table, [CONNECTIONS, BROKERAGES], names=["brokerage_id"])]
        except self._client.exceptions.ResourceNotFoundException:
            return []
