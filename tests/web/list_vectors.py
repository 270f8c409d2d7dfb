"""Lists as the server's own code narrows and sorts them, for the browser client to find the same."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic.alias_generators import to_snake

from openhouse.api.list_parameters import parse_list_query
from openhouse.crm.cursors import Order
from openhouse.crm.module import Module, Record
from openhouse.crm.record_items import item_of

RECORDS, QUERIES = 40, 60
_BEGIN = datetime(2026, 3, 6, tzinfo=UTC)  # clocks go forward on the 8th
_NAMES = ("Ángela Núñez", "O'Brien", "Ødegård", "smith-jones", "Zoë", "12 Harbor St.", "12 Harbor Street", "St. Louis")
_ASKED = ("nunez", "brien o", "harbor street", "ode", "saint", "jones smith", "zz", "?!", "0142")
_IDS = ("l1", "l2")
_ZONES = ("UTC", "America/Los_Angeles", "Europe/Rome", "Asia/Kolkata")


def list_vectors(modules: Sequence[Module], seed: int = 1) -> str:
    chance = random.Random(seed)
    vectors = []
    for module in modules:
        records = [_record(module, number, chance) for number in range(RECORDS)]
        cases = [_case(module, records, query) for query in _queries(module, chance)]
        vectors.append({"noun": module.noun, "records": [record.wire() for record in records], "cases": cases})
    return json.dumps(vectors, ensure_ascii=False)


def _case(module: Module, records: list[Record], query: Mapping[str, str]) -> dict[str, Any]:
    asked = parse_list_query(module, query)
    found = [item for item in (item_of(module, record) for record in records) if asked.matches(module, item)]

    def place(item: Mapping[str, Any]) -> str:
        attribute = "sk" if asked.order is Order.NEWEST else asked.order.attribute
        return str(item[attribute]).removeprefix(f"{module.noun}#")

    ordered = sorted(found, key=lambda item: asked.in_order(place(item)), reverse=asked.order.backwards)
    return {"query": query, "ids": [item["sk"].removeprefix(f"{module.noun}#") for item in ordered]}


def _record(module: Module, number: int, chance: random.Random) -> Record:
    moment = _BEGIN + timedelta(minutes=chance.randrange(5 * 24 * 60))
    fields: dict[str, Any] = {
        **{to_snake(name): value for name, value in module.example.items()},
        "id": f"01{number:04d}",
        "version": 1,
        "room": "team:north",
        "brokerage_id": "b",
        "team_id": "north",
        "visibility": "team",
        "owner_id": chance.choice(("ava", "ben")),
        "created_at": _BEGIN,
        "created_by": "ava",
        "updated_at": _BEGIN + timedelta(seconds=chance.randrange(20)),
        "updated_by": "ava",
        "archived": chance.random() < 0.3,
        "status": chance.choice(tuple(module.transitions)),
    }
    for name in sorted({*module.named_by, "city"} & module.model.model_fields.keys()):
        fields[name] = chance.choice(_NAMES)
    if module.priced_by:
        nothing = () if module.model.model_fields[module.priced_by].is_required() else (None,)
        fields[module.priced_by] = chance.choice((*nothing, 0, 100_00, 250_000_00, 9_999_999_00))
    if module.ends_by and module.dated_by:
        fields |= {module.dated_by: moment, module.ends_by: moment + timedelta(hours=chance.choice((1, 20, 70)))}
    elif module.dated_by:
        fields[module.dated_by] = chance.choice((None, moment.date()))
    for name in _links(module).values():
        ids = {each: True for each in _IDS if chance.random() < 0.5}
        fields[name] = ids if name.endswith("_ids") else chance.choice((None, *_IDS))
    if "tags" in module.model.model_fields:
        fields["tags"] = {tag: True for tag in ("first home", "VIP", "Café") if chance.random() < 0.4}
    known = {name: value for name, value in fields.items() if name in module.fields}
    return module.model.model_validate(known)


def _queries(module: Module, chance: random.Random) -> Iterator[dict[str, str]]:
    sorts = ["newest", "changed", "name", "-name"]
    sorts += ["date", "-date"] if module.dated_by else []
    sorts += ["price", "-price"] if module.priced_by else []
    for _ in range(QUERIES):
        filters = _filters(module, chance)
        chosen = {name: value for name, value in filters.items() if chance.random() < 0.3}
        yield {"sort": chance.choice(sorts), **chosen, **_dates(module, chance)}


def _filters(module: Module, chance: random.Random) -> dict[str, str]:
    filters = {
        "status": ",".join(chance.sample(sorted(module.transitions), 2)),
        "archived": chance.choice(("true", "false")),
        "owner": "ava",
        "q": chance.choice(_ASKED),
    }
    filters |= dict.fromkeys(_links(module), _IDS[0])
    traits = {"city": ("NUNEZ angela", "obrien", "zoe"), "tag": ("vip", "cafe", "first home")}
    filters |= {name: chance.choice(values) for name, values in traits.items() if name in module.filtered}
    return filters | ({"minPriceCents": "10000", "maxPriceCents": "25000000"} if module.priced_by else {})


def _links(module: Module) -> dict[str, str]:
    """The filters by a linked record."""
    return {name: field for name, field in module.filtered.items() if field in module.references}


def _dates(module: Module, chance: random.Random) -> dict[str, str]:
    if module.dated_by is None or chance.random() < 0.5:
        return {}
    days = (str((_BEGIN + timedelta(days=day)).date()) for day in sorted(chance.sample(range(5), 2)))
    zone = {"tz": chance.choice(_ZONES)} if module.ends_by else {}
    return dict(zip(("from", "to"), days, strict=True)) | zone
