"""What a search answers is what the documents say."""

from __future__ import annotations

import pytest

from openhouse.crm.modules import MODULES
from tests.contract.checked_world import CheckedWorld
from tests.contract.documented import check_model, rest_examples
from tests.contract.module_contract import documented_of
from tests.functional.brokerage import staff
from tests.functional.conftest import World


@pytest.fixture
def checked(world: World) -> CheckedWorld:
    staff(world)
    return CheckedWorld(world, documented_of(MODULES))


def test_records_of_every_module_are_answered_as_documented(checked: CheckedWorld) -> None:
    for module in MODULES:
        checked.call("POST", f"/{module.path}", module.example)
    for text in ("harbor", "sacramento", "zoe", "sam", "showing"):
        assert checked.call("GET", "/search", query={"q": text})["items"]
    found = checked.call("GET", "/search", query={"q": "sacramento", "modules": "listings,clients", "limit": "1"})
    assert [hit["type"] for hit in found["items"]] == ["listing"]
    assert found["items"][0]["record"]["can"] == ["edit", "delete", "share"]
    assert checked.call("GET", "/search", query={"q": "nobody"}) == {"items": [], "more": False}


@pytest.mark.parametrize(
    "query", [{}, {"q": ""}, {"q": "x" * 201}, {"q": "x", "limit": "51"}, {"q": "x", "modules": "people"}, {"of": "x"}]
)
def test_what_cannot_be_is_refused(checked: CheckedWorld, query: dict[str, str]) -> None:
    assert checked.call("GET", "/search", query=query)["code"] == "bad_parameter"


def test_every_example_is_as_its_schema_and_its_model_say() -> None:
    documented = documented_of(MODULES)
    for where, schema, model, value in rest_examples(documented, "search"):
        assert documented.openapi.faults(schema, value) == [], where
        check_model(model, value)
