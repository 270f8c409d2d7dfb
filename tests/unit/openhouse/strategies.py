"""Documents of any module, made from its declaration: each field with what its kind accepts, limits included."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from pydantic import StringConstraints
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from openhouse.core.wire import Moment, Wire
from openhouse.crm import fields
from openhouse.crm.module import Module

# Everything that JSON can hold, characters beyond the basic plane included, but half characters and what texts refuse.
CHARACTERS = st.characters(
    exclude_categories=["Cs", "Cc", "Zl", "Zp"],
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
)
NOT_ONLY_SPACE = "🏡 Zoë"


def text(least: int, most: int) -> st.SearchStrategy[str]:
    extremes = st.sampled_from(["🏡" * min(most, 300), "x" * most, "x" * least])
    return st.text(CHARACTERS, min_size=least, max_size=min(most, 12)) | extremes  # each character costs as much again


def decimals(low: int, high: int, places: int) -> st.SearchStrategy[float]:
    return st.decimals(low, high, places=places).map(float) | st.sampled_from([float(low), float(high), -0.0, 0.0])


KINDS: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (fields.RequiredText, st.text(CHARACTERS, max_size=8).map(lambda text: f"{text}{NOT_ONLY_SPACE}".strip()[:300])),
    (fields.ItemId, st.text("abzAZ019_-", min_size=1, max_size=64)),
    (fields.OrderKey, st.text("azAZ09V", min_size=1, max_size=100)),
    (fields.Tag, st.text(CHARACTERS, max_size=8).map(lambda text: f"{text}{NOT_ONLY_SPACE}".strip()[:50])),
    (fields.UserId, st.text("abzAZ019_-", min_size=1, max_size=128)),
    (fields.FileName, st.sampled_from(["Deed.pdf", "../Übergabe „fertig“.pdf", "🏡", "x" * 200, ".hidden"])),
    (fields.MediaType, st.sampled_from(["application/pdf", "image/svg+xml", "a/b"])),
    (fields.Phone, st.sampled_from(["(415) 555-0123", "+442079460958", "916.555.0144 x12", "+493012345678"])),
    (fields.Email, st.sampled_from(["zoe@example.com", "Zoë@MÜNCHEN.example", "a.b+c@sub.demo.test"])),
    (fields.State, st.sampled_from(["CA", "ny", "Puerto Rico", " tx "])),
    (fields.Mark, st.just(value=True)),
    (fields.Country, st.just("US")),
    (fields.PostalCode, st.sampled_from(["95814", "95814-1234", " 10001 ", "958141234"])),
    (fields.TimeZone, st.sampled_from(["America/Los_Angeles", "utc", "Asia/Kolkata"])),
    (fields.Url, st.sampled_from(["https://example.com/a?b=ü", "http://x/" + "p" * 1_900])),
    (fields.Percent, decimals(0, 100, 3)),
    (fields.Quarters, st.integers(0, 400).map(lambda quarters: quarters / 4)),
    (fields.Latitude, decimals(-90, 90, 6)),
    (fields.Longitude, decimals(-180, 180, 6)),
    (fields.Day, st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(str)),
    (Moment, st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC)).map(datetime.isoformat)),  # noqa: DTZ001
]


def values(annotation: Any) -> st.SearchStrategy[Any]:
    """What a field of this kind accepts, as JSON."""
    if known := [strategy for kind, strategy in KINDS if annotation == kind]:
        return known[0]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return limited(arguments[0], arguments[1:])
    if origin in (Union, UnionType):
        return st.one_of(*(values(kind) for kind in arguments if kind is not NoneType))
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is dict:
        return st.dictionaries(*map(values, arguments), max_size=3)
    return st.booleans() if annotation is bool else documents(annotation)


def limited(kind: Any, limits: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if get_origin(kind) is dict:
        return values(kind)
    if kind is str:
        (rules,) = [limit for limit in limits if isinstance(limit, StringConstraints)]
        return text(rules.min_length or 0, rules.max_length or 300)
    found = {type(limit).__name__: limit for info in limits if isinstance(info, FieldInfo) for limit in info.metadata}
    low, high = found["Ge"].ge, found["Le"].le
    return st.integers(low, high) | st.sampled_from([low, high])


@cache  # hypothesis works out anew what a strategy can make that it has not met before
def documents(model: type[Wire], without: frozenset[str] = frozenset()) -> st.SearchStrategy[dict[str, Any]]:
    hints = get_type_hints(model, include_extras=True)
    required = {name: info.is_required() for name, info in model.model_fields.items() if name not in without}
    return st.fixed_dictionaries(
        {to_camel(name): values(hints[name]) for name, needed in required.items() if needed},
        optional={to_camel(name): values(hints[name]) for name, needed in required.items() if not needed},
    )


def new_records(module: Module) -> st.SearchStrategy[dict[str, Any]]:
    """As a client sends them: cross-field rules may still be against one."""
    return documents(
        module.model, module.assigned_at_first | {"status", "owner_id", "visibility", "team_id", *module.references}
    )


def held_files(module: Module) -> st.SearchStrategy[dict[str, Any]]:
    """What a record tells of its files, in wire form."""
    hints = get_type_hints(module.model, include_extras=True)
    return st.fixed_dictionaries({to_camel(name): values(hints[name]) for name in module.holds_files})
