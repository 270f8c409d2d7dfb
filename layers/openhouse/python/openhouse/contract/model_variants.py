"""Models made from other models: a record as it is in answers, as a client creates it, and as it is patched.

Each field keeps its type and limits (`Annotated[annotation, *metadata]`), but not whether it may be absent or null.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BeforeValidator, Field, create_model
from pydantic.fields import FieldInfo

from openhouse.core.text import is_filled
from openhouse.core.wire import Wire


def _empty_if_blank(value: Any) -> Any:
    return "" if isinstance(value, str) and not is_filled(value) else value


_NONE: Collection[str] = frozenset()
_Blank = Annotated[Literal[""], BeforeValidator(_empty_if_blank)]


def response_model(model: type[Wire], name: str) -> type[Wire]:
    """As it is sent: fields without a value are left out, never null; all others are there."""
    kinds = {field: _answered(info) for field, info in model.model_fields.items()}
    return _made(model, name, kinds, _unset(model) - model.filled_in)


def creation_model(
    model: type[Wire],
    name: str,
    *,
    without: Collection[str] = _NONE,
    filled: Collection[str] = _NONE,
    non_nullable: Collection[str] = _NONE,
    **choices: Collection[str],
) -> type[Wire]:
    """As a client sends a new one: null is as good as absent, but for the `non_nullable`.

    `filled`: what the server fills in; `choices`: of these fields, the values that one may begin with.
    """
    kinds = _given(model, creation_model, "New", without, non_nullable, choices)
    given = {field for field in kinds if field not in filled and field not in _unset(model)}
    defaults = {
        field: info.default for field, info in model.model_fields.items() if field in given and not info.is_required()
    }
    return _made(model, name, kinds, kinds.keys() - given, defaults)


def patch_model(
    model: type[Wire],
    name: str,
    *,
    without: Collection[str] = _NONE,
    non_nullable: Collection[str] = _NONE,
    **choices: Collection[str],
) -> type[Wire]:
    """A merge patch as a client sends it: null gives a field its default back, but for the `non_nullable`."""
    kinds = _given(model, patch_model, "Patch", without, non_nullable, choices)
    return _made(model, name, kinds, kinds.keys())


def _given(
    model: type[Wire],
    derive: Callable[[type[Wire], str], type[Wire]],
    suffix: str,
    without: Collection[str],
    non_nullable: Collection[str],
    choices: Mapping[str, Collection[str]],
) -> dict[str, Any]:
    """The types of what a client sends: an empty text is taken for null."""
    kinds: dict[str, Any] = {}
    for field, info in model.model_fields.items():
        if field not in without:
            kind = Literal[tuple(choices[field])] if field in choices else _nested(info, derive, suffix)
            removable = not info.is_required() and field not in non_nullable
            kinds[field] = kind | _Blank | None if removable else kind
    return kinds


def change_model(model: type[Wire], name: str) -> type[Wire]:
    """A merge patch as it is sent: null where a field has no value any more."""
    kinds: dict[str, Any] = {}
    for field, info in model.model_fields.items():
        kind = _nested(info, change_model, "Changes")
        kinds[field] = kind | None if field in _unset(model) else kind
    return _made(model, name, kinds, kinds.keys())


def _made(
    model: type[Wire],
    name: str,
    kinds: Mapping[str, Any],
    optional: Collection[str],
    defaults: Mapping[str, Any] | None = None,
) -> type[Wire]:
    """A model of these fields with the names that `model` gives them. An `optional` one may be absent."""

    def without_defaults(schema: dict[str, Any]) -> None:
        """Absent is not null, though null is the default that pydantic needs."""
        names = {_alias(model, field) for field in optional}
        for each in names:
            schema["properties"][each].pop("default", None)
        required = [each for each in schema.get("required", []) if each not in names]
        schema.pop("required", None)
        if required:
            schema["required"] = required

    given = defaults or {}
    fields: dict[str, Any] = {
        field: (kind, Field(None if field in optional else given.get(field, ...), alias=_alias(model, field)))
        for field, kind in kinds.items()
    }
    base: type[Wire] = type(
        "_Base",
        (Wire,),
        {"model_config": {"json_schema_extra": staticmethod(without_defaults)}, "__module__": __name__},
    )
    made: type[Wire] = create_model(name, __base__=base, __doc__=_described(model), **fields)
    return made


def _described(model: type[Wire]) -> str | None:
    """What the model says of itself, and what its docstring says of fields that depend on each other."""
    rules = model.cross_field_errors.__doc__ if model.cross_field_errors is not Wire.cross_field_errors else None
    return " ".join(filter(None, [model.__doc__, rules])) or None


def _alias(model: type[Wire], field: str) -> str:
    return model.model_fields[field].alias or field


def _unset(model: type[Wire]) -> frozenset[str]:
    """The fields that need not have a value."""
    return frozenset(
        field for field, info in model.model_fields.items() if not info.is_required() and info.default is None
    )


def _kind(info: FieldInfo) -> Any:
    """The field's type and limits, without None."""
    kind: Any = info.annotation
    if get_origin(kind) in (Union, UnionType):
        kind = Union[tuple(each for each in get_args(kind) if each is not NoneType)]  # noqa: UP007 - not known here
    return Annotated[(kind, *info.metadata)] if info.metadata else kind


def _answered(info: FieldInfo) -> Any:
    """The items of a map are sent as a record is."""
    if get_origin(info.annotation) is not dict:
        return _kind(info)
    key, value = get_args(info.annotation)
    items = dict[key, _derived(value, response_model, "")]  # type: ignore[valid-type,misc]
    return Annotated[(items, *info.metadata)] if info.metadata else items


def _nested(info: FieldInfo, derive: Callable[[type[Wire], str], type[Wire]], suffix: str) -> Any:
    """Objects merge, so a patch of one within is itself a patch, and null removes an entry of a map."""
    kind = info.annotation
    if get_origin(kind) is not dict:
        return _derived(_kind(info), derive, suffix)
    key, value = get_args(kind)
    value = _derived(value, derive, suffix)
    if derive is change_model:
        return dict[key, value | None]  # type: ignore[valid-type]
    entries = dict[key, value | _Blank | None]  # type: ignore[valid-type]
    # How many entries a patch leaves it cannot tell.
    return entries if derive is patch_model else Annotated[(entries, *info.metadata)]


def _derived(kind: Any, derive: Callable[[type[Wire], str], type[Wire]], suffix: str) -> Any:
    return derive(kind, f"{kind.__name__}{suffix}") if isinstance(kind, type) and issubclass(kind, Wire) else kind
