"""What lists must hold, worked out from the records themselves: no key, no index, no cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openhouse.api.list_parameters import parse_list_query
from openhouse.core.principal import Principal
from openhouse.crm.module import Module
from tests.functional.conftest import World

Record = dict[str, Any]  # in wire form
ORDERS = ("newest", "changed", "date", "-date")
_DATES = {"escrow": "closeOfEscrowDate", "appointment": "startsAt", "listing": "soldDate"}
_TEXTS = {"escrow": ("propertyAddress", "buyerName"), "appointment": ("title",), "client": ("lastName",)}


def page(world: World, module: Module, who: Principal, query: Mapping[str, str]) -> Any:
    return world.lists.page(module, who, parse_list_query(module, query))


def pages(world: World, module: Module, who: Principal, query: Mapping[str, str]) -> Iterator[list[Record]]:
    """Every page of a list, following the cursors, which never lead back."""
    found = page(world, module, who, query)
    followed = set()
    yield found["items"]
    while "cursor" in found:
        assert found["cursor"] not in followed
        followed.add(found["cursor"])
        found = page(world, module, who, {**query, "cursor": found["cursor"]})
        yield found["items"]


def whole(world: World, module: Module, who: Principal, **query: str) -> list[Record]:
    """`from` goes by the name of `from_`."""
    named = {name.rstrip("_"): text for name, text in query.items()}
    return [record for each in pages(world, module, who, named) for record in each]


def expected(module: Module, records: Iterable[Record], query: Mapping[str, str]) -> list[Record]:
    return in_order(module, [record for record in records if matches(module, record, query)], query.get("sort") or "")


def in_order(module: Module, records: Iterable[Record], sort: str) -> list[Record]:
    def date(record: Record) -> tuple[str, str]:
        return record[_DATES[module.noun]], record["id"]

    newest = sorted(records, key=lambda record: record["id"], reverse=True)
    if sort in ("", "newest"):
        return newest
    if sort == "changed":
        return sorted(newest, key=lambda record: (record["updatedAt"], record["id"]), reverse=True)
    dated = [record for record in newest if _DATES[module.noun] in record]
    undated = [record for record in newest if _DATES[module.noun] not in record]
    if sort == "-date":
        return sorted(dated, key=date, reverse=True) + undated
    return sorted(dated, key=date) + undated[::-1]


def matches(module: Module, record: Record, query: Mapping[str, str]) -> bool:
    date = record.get(_DATES.get(module.noun, ""), "")
    since, until = query.get("from"), query.get("to")
    return (
        (not query.get("status") or record["status"] in query["status"].split(","))
        and (not query.get("archived") or record["archived"] == (query["archived"] == "true"))
        and (not query.get("owner") or record["ownerId"] == query["owner"])
        and (not since or date[: len(since)] >= since)
        and (not until or "" < date[: len(until)] <= until)
        and _plain(query.get("q", "")) <= _beginnings(record.get(name, "") for name in _TEXTS[module.noun])
    )


def _beginnings(texts: Iterable[str]) -> set[str]:
    return {word[:end] for text in texts for word in _plain(text) for end in range(1, len(word) + 1)}


def _plain(text: str) -> set[str]:
    return set(text.lower().replace("ë", "e").split())
