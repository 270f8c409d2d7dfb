"""Every model that crosses the wire, for any set of modules: the one source of all contract documents.

Functions do not import this: they read and write the same documents by the modules' own models, and the contract
tests hold what they say against the models here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import Field
from typing_extensions import TypeAliasType

from openhouse.contract import model_variants
from openhouse.contract.frames import commits_frame
from openhouse.contract.parts import Positions, Version, named, wire_model
from openhouse.contract.state_models import state_models
from openhouse.core.errors import all_errors
from openhouse.core.wire import Moment, Wire
from openhouse.crm.bulk import MAX_ENTRIES
from openhouse.crm.module import ABOUT_THE_CALLER, MAX_RECORD_BYTES, NON_NULLABLE, Module
from openhouse.rooms.entity import Entity

# From 1.0.0 on, the first release, `make contract` refuses what breaks clients unless the major part is raised.
CONTRACT_VERSION = "0.2.0"

Ability = Literal["edit", "delete", "share", "reassign", "reopen", "recover"]


class FieldMessage(Wire):
    field: str
    message: str


if TYPE_CHECKING:
    ProblemCode = str
else:
    ProblemCode = TypeAliasType("ProblemCode", Literal[tuple(sorted(error.code for error in all_errors()))])


class ProblemDocument(Wire):
    """RFC 9457. `errors` comes with 422, `current` (the record) with 412; with 423 `holder` and `until`, if somebody
    holds the lock.
    """

    type: str
    title: str
    status: int
    code: ProblemCode
    detail: str
    retryable: bool
    errors: list[FieldMessage] | None = None
    current: dict[str, Any] | None = None
    holder: str | None = None
    until: Moment | None = None


Problem = model_variants.response_model(ProblemDocument, "Problem")


class Written(Wire):
    """The entry was written, or already was by an earlier request with the same key."""

    status: Literal[200, 201]
    id: str
    version: Version


class NotWritten(Wire):
    """The entry was not written; `error` says why."""

    status: Annotated[int, Field(ge=400, le=599)]
    error: Problem  # type: ignore[valid-type]


class BulkAnswer(Wire):
    """One result per entry, in the same order."""

    results: list[Written | NotWritten]


class Step(Wire):
    """One step of a record. `changes` is a merge patch; that of a new record is from nothing."""

    version: Version
    at: Moment
    by: str
    action: str
    changes: dict[str, Any]
    reason: Annotated[str | None, Field(description="Why it was reopened.")] = None


HistoryStep = model_variants.response_model(Step, "HistoryStep")


class HistoryAnswer(Wire):
    """Newest first. `cursor`: give it back for the steps before these."""

    items: list[HistoryStep]  # type: ignore[valid-type]
    cursor: str | None = None


HistoryPage = model_variants.response_model(HistoryAnswer, "HistoryPage")


@dataclass(frozen=True)
class Models:
    """A module's models. `events`: by type."""

    record: type[Wire]
    answer: type[Wire]  # the record as REST answers it
    new: type[Wire]
    patch: type[Wire]
    page: type[Wire]
    stats: type[Wire]
    bulk: type[Wire]
    events: dict[str, type[Wire]]
    conversion: type[Wire] | None  # what one may say of the new record
    converted: type[Wire] | None


@cache
def models_of(module: Module) -> Models:
    name = module.model.__name__
    record, answer, figures = record_model(module), answer_model(module), _figures(module)
    new = model_variants.creation_model(
        module.model,
        f"New{name}",
        without=module.assigned_at_first,
        filled={"owner_id"},
        non_nullable=NON_NULLABLE,
        status=module.initial_statuses,
    )
    # A client may send a whole answer back: what the server assigns as it is, and what is about the caller is ignored.
    patch = model_variants.patch_model(
        wire_model(name, module.model, **dict.fromkeys(ABOUT_THE_CALLER, (Any, None))),
        f"{name}Patch",
        non_nullable=NON_NULLABLE | module.assigned_fields,
    )
    for written in (new, patch):
        limit = f"As JSON in UTF-8, a record may hold {MAX_RECORD_BYTES:,} bytes."
        written.__doc__ = " ".join(filter(None, [written.__doc__, limit]))
    room_figures = wire_model(f"{name}RoomFigures", figures, version=Annotated[int, Field(ge=0)])
    into = module.conversion.into if module.conversion else None
    return Models(
        record=record,
        answer=answer,
        new=new,
        patch=patch,
        page=model_variants.response_model(
            wire_model("Page", items=list[answer], cursor=(str | None, None), positions=Positions),  # type: ignore[valid-type]
            f"{name}Page",
        ),
        stats=wire_model(
            f"{name}Stats",
            total=figures,
            rooms=dict[str, room_figures],  # type: ignore[valid-type]
            positions=Positions,
        ),
        bulk=_bulk(name, new, patch),
        events=_events(module, record, figures),
        conversion=_conversion(into, name) if into else None,
        converted=wire_model(f"Converted{name}", **{module.noun: answer, into.noun: answer_model(into)})
        if into
        else None,
    )


@cache
def record_model(module: Module) -> type[Wire]:
    return model_variants.response_model(module.model, module.model.__name__)


@cache
def answer_model(module: Module) -> type[Wire]:
    """A record, what the caller may do with it, and what writing it has given cause to remark."""
    name = f"{module.model.__name__}Answer"
    hints = Annotated[list[FieldMessage] | None, Field(description="Hints that refuse nothing, of what was written.")]
    return model_variants.response_model(
        wire_model(name, module.model, can=list[Ability], warnings=(hints, None)), name
    )


@cache
def found_model(modules: tuple[Module, ...]) -> type[Wire]:
    """What a search has found, of any of these modules."""
    hits = tuple(
        wire_model(f"Found{module.model.__name__}", type=Literal[module.noun], record=answer_model(module))
        for module in modules
    )
    hit: Any = Annotated[Union[hits], Field(discriminator="type")]  # noqa: UP007 - made of a list
    more = Annotated[bool, Field(description="Whether there may be more: with another word there are fewer.")]
    return wire_model("Found", items=list[hit], more=more)


def events_of(entities: Iterable[Entity]) -> dict[str, type[Wire]]:
    """Every event that comes in commits, by type."""
    return {
        type_: model
        for entity in entities
        for type_, model in (models_of(entity) if isinstance(entity, Module) else state_models(entity)).events.items()
    }


def frame_of(entities: Iterable[Entity]) -> type[Wire]:
    """The frame that carries commits of these entities' events."""
    return commits_frame(TypeAliasType("Event", _any_event(entities)))


def _any_event(entities: Iterable[Entity]) -> Any:
    events = tuple(events_of(entities).values())
    return Annotated[Union[events], Field(discriminator="type")]  # noqa: UP007 - made of a list


def _conversion(into: Module, name: str) -> type[Wire]:
    """What one may say of the new record, over what it takes from the old one."""
    return model_variants.patch_model(
        into.model,
        f"{name}Conversion",
        without=into.assigned_at_first,
        non_nullable=NON_NULLABLE,
        status=into.initial_statuses,
    )


def _bulk(name: str, new: type[Wire], patch: type[Wire]) -> type[Wire]:
    entry = wire_model(f"{name}Entry", record=new)
    change = model_variants.response_model(
        wire_model("Change", id=str, changes=patch, version=(Version | None, None), lock_token=(Version | None, None)),
        f"{name}Revision",
    )
    entries = Annotated[list[entry | change], Field(min_length=1, max_length=MAX_ENTRIES)]  # type: ignore[valid-type]
    return wire_model(f"{name}Bulk", entries=entries)


def _figures(module: Module) -> type[Wire]:
    name = module.model.__name__
    counts = wire_model(f"{name}Counts", **{status: named(status, int) for status in module.transitions})
    return wire_model(f"{name}Figures", module.totals, counts=counts, archived=int)


def _events(module: Module, record: type[Wire], figures: type[Wire]) -> dict[str, type[Wire]]:
    name, noun = module.model.__name__, module.noun
    about = {f"{noun}_id": str, "version": Version, "updated_by": str}
    reference = wire_model(f"{name}Reference", **about, ref=Literal[True])
    reference.__doc__ = "The change was too large to send: fetch the record."
    changes = model_variants.change_model(module.model, f"{name}Changes")
    created = wire_model(f"{name}CreatedData", **about, **{noun: record})
    changed = wire_model(f"{name}ChangedData", **about, changes=changes)
    data: dict[str, Any] = {"created": created | reference}
    data |= dict.fromkeys(("updated", "archived", "restored", *module.verbs.values()), changed | reference)
    data["deleted"] = wire_model(f"{name}DeletedData", **about, reason=Literal["deleted", "moved"])
    figures_changes = model_variants.change_model(figures, f"{name}FiguresChanges")
    data["stats"] = wire_model(f"{name}StatsData", room=str, version=Version, changes=figures_changes)
    return {
        f"{noun}:{verb}": wire_model(
            # An event is named for what has happened; `stats` alone is no verb.
            f"{name}{'StatsChanged' if verb == 'stats' else verb.capitalize()}",
            type=Literal[f"{noun}:{verb}"],
            data=kind,
        )
        for verb, kind in data.items()
    }
