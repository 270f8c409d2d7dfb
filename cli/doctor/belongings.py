"""All that a visit has left in the tables and in the bucket of files."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from openhouse.core.room_names import brokerage_room, shards_of, team_room, user_room
from openhouse.crm.modules import MODULES
from openhouse.storage.keys import (
    Key,
    RecordPlace,
    TableRole,
    all_waited_for,
    connection_key,
    deleted_noun,
    file_key,
    history_range,
    installed_key,
    partitions_of_brokerage,
    partitions_of_room,
    record_key,
    running_key,
    table_of,
    work_key,
)
from openhouse.storage.object_keys import objects_of_brokerage
from openhouse.storage.table import Table

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_END_OF_TIME = 1 << 42  # milliseconds since 1970
_HIGHEST = "\U0010ffff"


class Belongings:
    """Of a brokerage of one team and one person."""

    def __init__(
        self,
        table: Table,
        s3: S3Client,
        bucket: str,
        *,
        brokerage_id: str,
        team_id: str,
        user_id: str,
        brokerage_shards: int,
    ) -> None:
        self._table = table
        self._s3 = s3
        self._bucket = bucket
        self._brokerage_id = brokerage_id
        self._rooms = [brokerage_room(brokerage_id), team_room(team_id), user_room(user_id)]
        self._team_id, self._user_id = team_id, user_id
        self._shards = brokerage_shards
        self._records: set[tuple[str, str]] = set()  # all that were ever seen: their histories outlive them

    def items(self, connection_ids: Iterable[str], file_ids: Iterable[str], task_ids: Collection[str]) -> list[Key]:
        """The keys of what there is now."""
        partitions = partitions_of_brokerage(self._brokerage_id, [self._user_id], [self._team_id])
        for room in self._rooms:
            partitions += partitions_of_room(room, shards_of(room, self._shards))
            partitions.append(record_key(room, deleted_noun(MODULES[0].noun), "")["pk"])
            partitions += [work_key(room, task_id)["pk"] for task_id in task_ids]
        partitions += [connection_key(id_)["pk"] for id_ in connection_ids]
        partitions += [file_key(self._brokerage_id, id_)["pk"] for id_ in file_ids]
        found = [item for pk in partitions for item in self._in(pk)]
        found += self._histories(found)
        found += [item for item in self._table.query(*all_waited_for(_END_OF_TIME)) if item["task_id"] in task_ids]
        single = [installed_key(self._brokerage_id), *map(running_key, task_ids)]
        found += self._table.get_many(single, only_keys=True)
        return [{"pk": item["pk"], "sk": item["sk"]} for item in found]

    def remove_files(self) -> int:
        """Of all versions. How many there were. Raises what boto3 raises."""
        pages = self._s3.get_paginator("list_object_versions")
        there: list[Any] = []
        for beginning in objects_of_brokerage(self._brokerage_id):
            for page in pages.paginate(Bucket=self._bucket, Prefix=beginning):
                there += [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        for each in there:
            self._s3.delete_object(Bucket=self._bucket, Key=each["Key"], VersionId=each["VersionId"])
        return len(there)

    def _in(self, pk: str) -> list[Any]:
        return [*self._table.query(pk, " ", _HIGHEST)]

    def _histories(self, found: Iterable[Any]) -> list[Any]:
        """Of the records among these, and of those that were seen before."""
        places = [RecordPlace.of(item) for item in found if table_of(item["pk"]) is TableRole.RECORDS]
        self._records |= {(place.noun.removeprefix(deleted_noun("")), place.id) for place in places}
        partitions = [history_range(self._brokerage_id, noun, id_)[0] for noun, id_ in self._records]
        return [item for pk in partitions for item in self._in(pk)]
