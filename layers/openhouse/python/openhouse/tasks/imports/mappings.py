"""What a brokerage has decided of the columns of a layout of files: kept before anything is imported, and for good."""

from __future__ import annotations

from collections.abc import Mapping

from openhouse.core.json_text import compact, parse
from openhouse.importing.mapping import Choice
from openhouse.storage.keys import mapping_key
from openhouse.storage.table import Table
from openhouse.storage.writes import Put, absent_or


def remembered(table: Table, brokerage_id: str, noun: str, layout: str) -> dict[int, Choice]:
    """By the columns' places."""
    item = table.get(mapping_key(brokerage_id, noun, layout))
    if item is None:
        return {}
    return {int(place): Choice.from_wire(choice) for place, choice in parse(item["choices"]).items()}


def remember(brokerage_id: str, noun: str, layout: str, choices: Mapping[int, Choice]) -> Put:
    """The last one counts."""
    texts = compact({str(place): choice.wire() for place, choice in choices.items()})
    return Put({**mapping_key(brokerage_id, noun, layout), "noun": noun, "choices": texts}, absent_or(noun=noun))
