"""Whether the models that the documents are made of, and the rules that requests meet, say the same of a document."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from contractgen.lifecycle import AVA, NOON, lifecycle_of, made_id
from openhouse.contract.registry import models_of
from openhouse.core.errors import Forbidden, Invalid, InvalidTransition, OpenhouseError
from openhouse.core.merge_patch import blanks_as_null, merge
from openhouse.core.screening import overfull
from openhouse.core.wire import Wire, parse
from openhouse.crm import changes
from openhouse.crm.module import Module

Document = dict[str, Any]

# What may be wrong with one field and right with another, or at the edge of what it takes.
VALUES: list[Any] = [
    None,
    *("", " ", " x ", "x" * 50, "x" * 64, "x" * 65, "x" * 300, "x" * 301, "x" * 2_001, "x" * 50_000, "x" * 50_001),
    *(0, 1, -1, 7, 100, 101, 1_599, 10**9, 10**9 + 1, 10**13, 10**13 + 1, 10**400),
    *(0.5, 3.0, 2.5, 2.25, 2.3, 99.999, 99.9999, -0.0, -90.00000001, 180.5, 1e300),
    *(True, False),
    *(
        "2026-03-02",
        "2026-02-30",
        "1899-12-31",
        "2199-12-31",
        "2026-3-2",
        "2026-03-02T12:00:00Z",
        "2026-03-02T12:00:00",
    ),
    *(
        "CA",
        "California",
        "XX",
        "95814",
        "95814-1234",
        "9581",
        "US",
        "K1A 0B1",
        "America/Los_Angeles",
        "+14155550123",
        "(415) 555-0123",
        "123",
    ),
    *("zoe@example.com", "zoe@", "https://example.com/a", "ftp://example.com", "broker", "everyone", "new", "ava"),
    *([], ["x"], {}, {"x": True}, {"x": None}, {"x": ""}, {"": True}, {" ": True}, {"x": 1}, {"X": True, "x": True}),
    {f"x{number}": True for number in range(51)},
    *({"a": {"title": "x"}}, {"a": {"title": "x", "at": "2026-03-02T12:00:00Z"}}, {"a": {"title": ""}}),
    *({"a": {"title": "x", "at": "2026-03-02T12:00:00Z", "position": position}} for position in ("V", "", "-")),
    *({"a": {"url": "https://x", "name": "x"}}, {"a": {"url": "x", "name": "x"}}, {"a": {"url": "https://x"}}),
    *({"a b": {"url": "https://x"}}, {"a": {"value": "zoe@example.com"}}),
    {"a": {"value": "415 555 0123", "label": ""}},
    *({"a": {"colour": None}}, {"a": 7}, {f"x{number}": {"url": "https://x"} for number in range(201)}),
    *({"loan": {"a": {"title": "x"}}}, {"loan": None}, {"loan": ""}, {"loan": 1}, {"garden": {}}, {"garden": None}),
]


_PLACES = ("state", "zip")


def documents(module: Module) -> st.SearchStrategy[Document]:
    """Some fields of the module, undeclared ones and those of the server included."""
    names = [to_camel(name) for name in module.model.model_fields]
    kinds = st.sampled_from([*VALUES, *module.transitions])
    # Half of them one field alone: more would mostly find each other's faults.
    return st.dictionaries(st.sampled_from([*names, "colour"]), kinds, min_size=1, max_size=1) | st.dictionaries(
        st.sampled_from(names), kinds, max_size=4
    )


def check_new(module: Module, document: Document) -> None:
    """Beginning a record takes what the model of new ones takes, as far as a model can tell."""
    refused = _refusal(lambda: changes.create(module, AVA, document, id_=made_id(1), now=NOON))
    whole = {**lifecycle_of(module).record.wire(), "status": module.first_status, **blanks_as_null(document)}
    _check(module, models_of(module).new, document, whole, refused)


def check_patch(module: Module, patch: Document) -> None:
    """Changing a record takes what the model of patches takes, as far as a model can tell."""
    before = lifecycle_of(module).record
    refused = _refusal(lambda: changes.update(module, AVA, before, patch, now=NOON))
    if isinstance(refused, InvalidTransition):
        refused = None  # of the statuses that there are, which may follow no model says
    _check(module, models_of(module).patch, patch, merge(before.wire(), blanks_as_null(patch)), refused)


def _check(
    module: Module, model: type[Wire], document: Document, whole: Document, refused: OpenhouseError | None
) -> None:
    fits = _refusal(lambda: parse(model, document)) is None
    if refused is None or isinstance(refused, Forbidden):
        assert fits, f"{document} is accepted, though its model refuses it"
    elif fits:
        assert isinstance(refused, Invalid), f"{document} is refused, though its model accepts it: {refused.message}"
        named = {wrong["field"] for wrong in refused.extra["errors"] if not _is_of_files(module, wrong["field"])}
        assert named <= _beyond(module, whole), f"{document} is refused, though its model accepts it: {refused.message}"


def _refusal(act: Callable[[], object]) -> OpenhouseError | None:
    try:
        act()
    except OpenhouseError as refused:
        return refused
    return None


def _beyond(module: Module, record: Document) -> set[str]:
    """What may be wrong with a record whose fields are fine, each by itself: rules across them, another's team, what
    the server assigns, and what a patch of a map leaves of it.
    """
    known = {"teamId", *module.assigned, *(name for name, _ in overfull(module.model, record))}
    try:
        read = module.model.model_validate_json(json.dumps(record), strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        return known | {".".join(map(str, one["loc"])) for one in error.errors() if _depends_on_a_map(one)}
    return {*known, *(name for name, _ in read.cross_field_errors())}


def _is_of_files(module: Module, field: str) -> bool:
    """Which there are depends on what was uploaded."""
    name, _, entry = field.partition(".")
    return bool(entry) and name in map(to_camel, module.holds_files)


def _depends_on_a_map(error: ErrorDetails) -> bool:
    """A new item lacks a field, a state is none of the country's."""
    return (len(error["loc"]) > 1 and error["type"] == "missing") or error["loc"][0] in _PLACES
