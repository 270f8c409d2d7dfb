"""One limit of size: every record that may be stored fits into a body, however its text is written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openhouse.api.http import MAX_BODY_BYTES
from openhouse.core.json_text import size
from openhouse.crm.module import MAX_RECORD_BYTES, Module
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.listings import LISTINGS
from tests.fakes import AVA
from tests.functional.conftest import World
from tests.functional.test_http import call, problem


def escaped(document: dict[str, Any]) -> str:
    """JSON as clients write it that know ASCII alone."""
    return json.dumps(document, ensure_ascii=True)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
def test_the_largest_record_fits_into_a_body_and_a_byte_more_is_refused(world: World, module: Module) -> None:
    text = "description" if module is APPOINTMENTS else "notes"
    small = world.records.create(module, AVA, {**module.example, text: "x"})
    left = MAX_RECORD_BYTES - size(world.records.read(module, AVA, small["id"]).item()) + 1
    largest = {**module.example, text: "🏡" * (left // 4) + "x" * (left % 4)}
    body = escaped(largest)
    assert MAX_BODY_BYTES * 0.95 < len(body) < MAX_BODY_BYTES
    status, made, _ = call(world, "POST", f"/{module.path}", body)
    assert status == 201
    assert size(world.records.read(module, AVA, made["id"]).item()) == MAX_RECORD_BYTES
    before = world.items()
    assert problem(call(world, "POST", f"/{module.path}", escaped({**largest, text: largest[text] + "x"}))) == (
        413,
        "too_large",
    )
    assert world.items() == before


def test_two_hundred_photos_and_long_notes_of_chinese_fit(world: World) -> None:
    photos = {f"photo-{number}": {"url": f"https://x.test/{number}".ljust(500, "p")} for number in range(200)}
    listing = {**LISTINGS.example, "images": photos, "notes": "房" * 25_000}
    assert call(world, "POST", "/listings", escaped(listing))[0] == 201
