"""Lambda's way with a stream: what of a batch is tried again, in which parts, and for how long."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest

from local.aws_like.conditions import Conditions
from local.aws_like.imitation import Imitation
from local.aws_like.stream import Place, Record, Shard

MAPPING = {
    "BatchSize": 3,
    "BisectBatchOnFunctionError": True,
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
    "MaximumRecordAgeInSeconds": 600,
}


class Stream:
    """The table's records, and a function: `answers` in turn, then that all is well."""

    def __init__(self, *records: Record, answers: Sequence[Any] = ()) -> None:
        self.records = records
        self.answers = iter(answers)
        self.called: list[str] = []  # the sequence numbers of each batch, in one text
        self.given_up: list[str] = []
        self.late: set[str] = set()

    def since(self, _place: Place, position: int) -> list[Record]:
        return list(self.records[position:])

    def wanted(self, _place: Place, records: list[Record]) -> list[Record]:
        return [record for record in records if not record.get("unwanted")]

    def ready_at(self, record: Record) -> float:
        return time.time() + 60 if number(record) in self.late else 0

    def execute(self, _place: Place, records: list[Record]) -> Any:
        self.called.append("".join(map(number, records)))
        return next(self.answers, {"body": {"batchItemFailures": []}})

    def give_up(self, _place: Place, records: list[Record]) -> None:
        self.given_up.append("".join(map(number, records)))


def record(name: str, pk: str = "room", *, age: float = 0, **more: Any) -> Record:
    keys = {"pk": {"S": pk}}
    created = time.time() - age
    return {"dynamodb": {"Keys": keys, "SequenceNumber": name, "ApproximateCreationDateTime": created}, **more}


def number(one: Record) -> str:
    return str(one["dynamodb"]["SequenceNumber"])


def failed(name: str) -> Any:
    return {"body": {"batchItemFailures": [{"itemIdentifier": name}]}}


BROKEN = {"error": True, "body": {"errorMessage": "out of order"}}
THROTTLED = {"error": True, "throttle": True}


@pytest.fixture
def imitation() -> Imitation:
    imitation = Imitation()
    imitation.switch(Conditions())
    return imitation


def poll(stream: Stream, imitation: Imitation) -> Shard:
    """Once, without its pauses."""
    place = Place("", "", "table", MAPPING)
    shard = Shard(stream, place, 0, 1, 0, imitation, pause=lambda _seconds: False)  # type: ignore[arg-type]
    batch, position = shard._read()
    assert not batch or shard._deliver(batch)
    shard.position = position
    return shard


def test_a_batch_holds_what_is_wanted_and_there_and_no_more(imitation: Imitation):
    stream = Stream(record("1"), record("2", unwanted=True), record("3"), record("4"), record("5"))
    shard = poll(stream, imitation)
    assert (stream.called, shard.position) == (["134"], 4)


def test_what_is_not_yet_in_the_stream_holds_up_what_is_behind_it(imitation: Imitation):
    stream = Stream(record("1"), record("2"), record("3"))
    stream.late = {"2"}
    shard = poll(stream, imitation)
    assert (stream.called, shard.position) == (["1"], 1)


def test_from_the_first_that_failed_on_all_is_tried_again(imitation: Imitation):
    stream = Stream(record("1"), record("2"), record("3"), answers=[failed("2")])
    poll(stream, imitation)
    assert stream.called == ["123", "23"]
    assert imitation.counts()["stream.batches_again"] == 1


def test_a_batch_that_a_function_cannot_take_is_cut_in_two(imitation: Imitation):
    stream = Stream(record("1"), record("2"), record("3"), answers=[BROKEN])
    poll(stream, imitation)
    assert stream.called == ["123", "1", "23"]


def test_a_throttled_batch_is_tried_again_as_it_is(imitation: Imitation):
    stream = Stream(record("1"), record("2"), answers=[THROTTLED, THROTTLED])
    poll(stream, imitation)
    assert stream.called == ["12", "12", "12"]


def test_what_is_too_old_is_given_up_with_a_note(imitation: Imitation):
    stream = Stream(record("1", age=601), record("2"))
    shard = poll(stream, imitation)
    assert (stream.called, stream.given_up, shard.position) == ([], ["12"], 2)
    assert imitation.counts()["stream.iterator_age_seconds"] > 600


def test_a_shard_takes_its_own_records_alone(imitation: Imitation):
    stream = Stream(*(record(str(each), pk=f"room {each}") for each in range(9)))
    place = Place("", "", "table", {**MAPPING, "BatchSize": 100})
    found = [
        "".join(map(number, Shard(stream, place, shard, 4, 0, imitation)._read()[0]))  # type: ignore[arg-type]
        for shard in range(4)
    ]
    assert sorted("".join(found)) == [str(each) for each in range(9)]
    assert len([batch for batch in found if batch]) > 1
