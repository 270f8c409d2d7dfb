"""What forms, columns and filters are made of: types vanish when TypeScript runs, this is the same as values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Le, MaxLen
from pydantic import BaseModel, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from contractgen.schemas import GENERATED
from openhouse.contract.registry import CONTRACT_VERSION
from openhouse.core.wire import Moment
from openhouse.crm import fields
from openhouse.crm.file_types import FileKind
from openhouse.crm.module import NON_NULLABLE, USER, Module, Record

Field = dict[str, Any]

_KINDS: Sequence[tuple[Any, str]] = (
    (fields.Cents, "money"),
    (fields.Count, "count"),
    (fields.Percent, "percent"),
    (fields.Quarters, "quarters"),
    (fields.Latitude, "coordinate"),
    (fields.Longitude, "coordinate"),
    (fields.LongText, "longText"),
    (fields.ShortText, "text"),
    (fields.RequiredText, "text"),
    (fields.Url, "url"),
    (fields.Day, "date"),
    (Moment, "moment"),
    (fields.Phone, "phone"),
    (fields.Email, "email"),
    (fields.State, "state"),
    (fields.PostalCode, "postalCode"),
    (fields.TimeZone, "timeZone"),
    (fields.Id, "id"),
    (fields.UserId, "id"),
    (fields.TagSet, "tags"),
    (fields.IdSet, "ids"),
    (fields.UserIdSet, "ids"),
    (fields.OrderKey, "position"),
    (fields.Files, "files"),
    (bool, "boolean"),
    (str, "text"),
    (int, "whole"),
    (float, "number"),
)
_WORDS = {"id": "ID", "mls": "MLS", "hoa": "HOA", "url": "URL", "zip": "ZIP", "sqft": "sq ft"}
_UNITS = re.compile(r" (cents|percent|at)$")

_TYPES = """\
export type Kind =
  | "text"
  | "longText"
  | "choice"
  | "boolean"
  | "money"
  | "percent"
  | "quarters"
  | "whole"
  | "count"
  | "number"
  | "coordinate"
  | "date"
  | "moment"
  | "timeZone"
  | "phone"
  | "email"
  | "url"
  | "state"
  | "postalCode"
  | "id"
  | "ids"
  | "tags"
  | "position"
  | "list"
  | "items"
  | "files"
  | "group";

export interface Field {
  readonly type: Kind;
  readonly label: string;
  /** It must be there when a record is created, and cannot be cleared. */
  readonly required?: true;
  /** The server alone writes it. */
  readonly assigned?: true;
  readonly choices?: readonly string[];
  readonly least?: number;
  readonly most?: number;
  /** Of a text in characters; of what holds several, how many. */
  readonly maxLength?: number;
  /** What an id, or each of several, names: a noun, or `user`. */
  readonly names?: string;
  /** Of `files`: only such as a browser shows. Without it any. */
  readonly takes?: "images";
  /** Of each item of `items`, and of a `group`. */
  readonly fields?: Readonly<Record<string, Field>>;
}

export interface Module {
  readonly path: string;
  readonly label: string;
  /** From each status to those that may follow; what nothing follows is final. */
  readonly transitions: Readonly<Record<string, readonly string[]>>;
  /** In which a record may begin. */
  readonly initial: readonly string[];
  /** The readable number, which the server counts. */
  readonly number?: string;
  readonly converts?: { readonly status: string; readonly into: string; readonly link: string };
  readonly fields: Readonly<Record<string, Field>>;
}
"""


_LISTED = """\
/** What lists are sorted and narrowed by. */
export interface Listed {
  /** The status of a record that is made without one. */
  readonly status: string;
  /** The natural date; where it is the begin of something, its end. */
  readonly date?: string;
  readonly ends?: string;
  /** The fields that are the name, in their order. */
  readonly name: readonly string[];
  readonly price?: string;
  /** Into which `q` looks. */
  readonly searched: readonly string[];
  /** A parameter, and the field that has its value. */
  readonly filters: Readonly<Record<string, string>>;
}
"""


def field_tables(modules: Sequence[Module]) -> str:
    """The file as it is written."""
    paths = {module.noun: module.path for module in modules}
    tables = {module.noun: _module(module) for module in modules}
    return (
        f"// {GENERATED}\n\n{_TYPES}\n"
        'export { listed } from "./listed.js";\n'
        'export type { Listed } from "./listed.js";\n\n'
        f'export const contractVersion = "{CONTRACT_VERSION}";\n\n'
        "/** Of every module's calls, by noun. */\n"
        f"export const paths = {_literal(paths)} as const;\n\n"
        f"export const modules = {_literal(tables)} as const satisfies Record<keyof typeof paths, Module>;\n"
    )


def list_tables(modules: Sequence[Module]) -> str:
    """A file by itself: who shows lists needs it, and not what forms are made of."""
    tables = {module.noun: _listed(module) for module in modules}
    return (
        f"// {GENERATED}\n\n{_LISTED}\n"
        f"export const listed = {_literal(tables)} as const satisfies Record<string, Listed>;\n"
    )


def label(name: str) -> str:
    """`closeOfEscrowDate` in words: `Close of escrow date`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()
    words = re.sub(r" id(s?)$", r"\1", _UNITS.sub("", words))
    text = " ".join(_WORDS.get(word, word) for word in words.split())
    return text[:1].upper() + text[1:]


def _listed(module: Module) -> Field:
    single = {"date": module.dated_by, "ends": module.ends_by, "price": module.priced_by}
    return {
        "status": module.first_status,
        **{name: to_camel(field) for name, field in single.items() if field},
        "name": [to_camel(name) for name in module.named_by],
        "searched": [to_camel(name) for name in module.searched],
        "filters": {name: to_camel(field) for name, field in module.filtered.items()},
    }


def _module(module: Module) -> Field:
    described: Field = {
        "path": module.path,
        "label": label(module.path),
        "transitions": module.transitions,
        "initial": module.initial_statuses,
    }
    if module.numbering:
        described["number"] = to_camel(module.numbering.field)
    if module.conversion:
        found = module.conversion
        described["converts"] = {"status": found.status, "into": found.into.noun, "link": to_camel(found.link)}
    own = _fields(module.model, module.references)
    for name in module.assigned & own.keys():
        own[name]["assigned"] = True
        own[name].pop("required", None)
    for name in map(to_camel, NON_NULLABLE):
        own[name].pop("required", None)  # there from the start, by a default of the server's
    for name in (name for name, kind in module.holds_files.items() if kind is FileKind.IMAGES):
        own[to_camel(name)]["takes"] = "images"
    described["fields"] = own
    return described


def _fields(model: type[BaseModel], references: Mapping[str, str]) -> dict[str, Field]:
    hints = get_type_hints(model, include_extras=True)
    names = {"owner_id": USER, **references} if issubclass(model, Record) else references
    return {
        to_camel(name): _field(name, hints[name], info, names.get(name)) for name, info in model.model_fields.items()
    }


def _field(name: str, hint: Any, info: FieldInfo, names: str | None) -> Field:
    described: Field = {**_type(_without_none(hint))}
    found: Field = {"type": described.pop("type"), "label": label(to_camel(name))}
    if info.is_required():
        found["required"] = True
    if names:
        found["names"] = names
    return {**found, **described}


def _type(hint: Any) -> Field:
    kind = next((kind for known, kind in _KINDS if known == hint), None)
    if kind:
        return {"type": kind, **_bounds(hint)}
    if get_origin(hint) is Literal:
        return {"type": "choice", "choices": get_args(hint)}
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return {"type": "group", "fields": _fields(hint, {})}
    if get_origin(hint) is not Annotated:
        return {"type": "list"} if get_origin(hint) is list else {"type": "text"}
    inner = get_args(hint)[0]
    if get_origin(inner) is dict:
        return {"type": "items", **_bounds(hint), "fields": _fields(get_args(inner)[1], {})}
    return {**_type(inner), **_bounds(hint)}


def _bounds(hint: Any) -> Field:
    """Of numbers and lengths, wherever in an annotation they stand."""
    bounds: Field = {}
    for constraint in _constraints(hint):
        match constraint:
            case Ge(ge=least):
                bounds["least"] = least
            case Le(le=most):
                bounds["most"] = most
            case MaxLen(max_length=longest):
                bounds["maxLength"] = longest
            case StringConstraints(max_length=int() as longest):
                bounds["maxLength"] = longest
            case _:
                pass
    return bounds


def _constraints(hint: Any) -> Iterable[Any]:
    if get_origin(hint) is Annotated:
        for constraint in get_args(hint)[1:]:
            yield from constraint.metadata if isinstance(constraint, FieldInfo) else (constraint,)


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (choice for choice in get_args(hint) if choice is not type(None))
    return hint


def _literal(value: Any) -> str:
    """As prettier would have it, or nearly: names of fields without quotes."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    text = re.sub(r'^( *)"([A-Za-z_]\w*)":', r"\1\2:", text, flags=re.MULTILINE)
    text = re.sub(r"\[\s*([^\[\]{}]*?)\s*\]", lambda found: f"[{' '.join(found[1].split())}]", text)
    return re.sub(r"\{\s*([^{}]*?)\s*\}", lambda found: f"{{ {' '.join(found[1].split())} }}", text)
