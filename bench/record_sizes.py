"""What a change costs on average, by how large its record is: the fuller a record's last kilobyte, the less of its
history has a place there. Pure: the writes that changes come to, and DynamoDB's published rules.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import fmean
from typing import Any

from bench import units
from bench.report import paragraph, table
from openhouse.core.principal import Principal
from openhouse.crm import changes
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.record_items import Stored, item_of, stored, writes_of
from openhouse.storage.item_size import size
from openhouse.storage.marshalling import marshal
from openhouse.storage.writes import Put

SIZES = range(744, 744 + 2_048, 128)  # bytes of records, without their history; the least is one with an address alone
CHANGES = 66  # six times as many as one item of history may hold
BEGINS = datetime(2026, 3, 2, 12, tzinfo=UTC)

# Items of a transaction cost twice: the room's HEAD, the log entry; and the row of `by_changed`, deleted and put.
OF_ANY_CHANGE = units.TRANSACTIONAL * (1 + 1) + 2


@dataclass(frozen=True)
class Average:
    """Write units of one of many changes. `history`: those that the record alone would not cost."""

    bytes: int
    record: float
    history: float

    @property
    def together(self) -> float:
        """Of the whole change, but for the limit of posts."""
        return OF_ANY_CHANGE + self.record + self.history


def average(bytes_: int, count: int = CHANGES) -> Average:
    written = alone = 0.0
    for item, puts in _changes(bytes_, count):
        alone += units.TRANSACTIONAL * units.write_units(0, item)
        written += sum(units.TRANSACTIONAL * units.write_units(0, put) for put in puts)
    return Average(bytes_, alone / count, (written - alone) / count)


def measure(quick: bool) -> list[dict[str, float]]:
    sizes, count = (SIZES[::4], CHANGES // 3) if quick else (SIZES, CHANGES)
    return [asdict(average(bytes_, count)) for bytes_ in sizes]


def report(measured: Iterable[Mapping[str, Any]]) -> str:
    found = [Average(**each) for each in measured]
    rows = [[f"{each.bytes:,}", f"{each.record:g}", f"{each.history:.2f}", f"{each.together:.2f}"] for each in found]
    rows.append(["on average", *(f"{fmean(each):.2f}" for each in _columns(found))])
    about = paragraph(
        "What a change costs by the size of its record: steps of its history lie in the record's own item while that "
        f"makes it cost no more. Of changes by three people; {OF_ANY_CHANGE} units are of the HEAD, the log "
        "entry and the row of an index, and of a record that is almost as large as full kilobytes each step costs two."
    )
    return f"{about}\n\n{table(['bytes', 'record', 'history', 'write units together'], rows)}"


def _columns(found: Sequence[Average]) -> tuple[list[float], ...]:
    return [each.record for each in found], [each.history for each in found], [each.together for each in found]


def _changes(bytes_: int, count: int) -> Iterator[tuple[int, list[int]]]:
    """Of each of many changes: how large the record's item is without its history, and all items that are written."""
    chance = random.Random(bytes_)
    people = [_person(number) for number in range(3)]
    document = {"propertyAddress": "1000 Harbor Way", "closeOfEscrowDate": "2026-03-31", "purchasePriceCents": 1}
    first = changes.create(ESCROWS, people[0], document, id_=_id(len(people)), now=BEGINS).after
    assert first is not None
    empty = first.model_copy(update={"notes": " "})
    notes = "n" * (bytes_ - size(marshal(item_of(ESCROWS, empty))))
    known = Stored(first.model_copy(update={"notes": notes}), recent="")
    for number in range(count):
        now = BEGINS + timedelta(hours=number, seconds=chance.randrange(3_600))
        change = changes.update(ESCROWS, chance.choice(people), known.record, _patch(number, chance), now=now)
        assert change is not None
        assert change.after is not None
        writes = writes_of(replace(change, recent=known.recent), "harbor")
        items = [write.item for write in writes if isinstance(write, Put)]
        yield size(marshal(item_of(ESCROWS, change.after))), [size(marshal(item)) for item in items]
        known = stored(ESCROWS, items[0])


def _patch(number: int, chance: random.Random) -> dict[str, Any]:
    """Of about the size of what it replaces."""
    match number % 3:
        case 0:
            return {"purchasePriceCents": chance.randrange(30_000_000, 90_000_000)}
        case 1:
            return {"closeOfEscrowDate": f"2026-{1 + number % 12:02d}-{1 + chance.randrange(28):02d}"}
        case _:
            return {"propertyAddress": f"{chance.randrange(1_000, 9_999)} Harbor Way"}


def _person(number: int) -> Principal:
    """A lead of one team: they may change what others own."""
    return Principal(user_id=_id(number), brokerage_id="harbor", role="lead", team_ids=("north",), expires_at=0)


def _id(number: int) -> str:
    """As long as those that Cognito chooses, and as hard to compress."""
    chance = random.Random(f"person {number}")
    digits = f"{chance.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
