"""What somebody asks of an import, and answers to what it proposes. Imports no library of the layer of tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from openhouse.core.errors import invalid
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.core.wire import Wire, parse
from openhouse.crm.fields import Id, ShortText, TimeZone, UserId
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.importing.mapping import Choice, reading_faults
from openhouse.importing.targets import target_named, targets_of
from openhouse.tasks.kind import Confirmed
from openhouse.tasks.work import Work

MOST_COLUMNS = 1_000
_LONGEST_PLACE = 100  # characters of where a fault is

Duplicates = Literal["skip", "update", "create"]


class ColumnChoice(Wire):
    """What somebody says of a column. No `target`: it is no field. `reading` overrules what its values show, such as
    `{"order": "dmy"}`; `words`: what words mean, null leaves the field empty.
    """

    target: ShortText | None = None
    reading: dict[str, Any] = {}
    words: dict[str, ShortText | None] = {}


_Place = Annotated[str, StringConstraints(pattern=r"^(0|[1-9]\d{0,3})$")]
Columns = Annotated[dict[_Place, ColumnChoice | None], Field(max_length=MOST_COLUMNS)]
Constants = Annotated[dict[str, Any], Field(max_length=50)]


class ImportInput(Wire):
    """`file`: one that was uploaded for an import. `module`: what its rows are, such as `client`.

    `columns`: by their place, from 0; null takes back what was ever said of one. `constants`: fields that are the same
    in all rows. `duplicates`: what becomes of a row that is there already; `update`: which of its fields are taken
    then. `timeZone`: of times of day in the file. `header`: whether the first line names the columns, where that is
    not seen rightly. `linked`: which other records of its rows are made, too, such as `buyer`, of those that were
    proposed. `ownerId`: whose those records are of which the file does not say it; without it, whoever imports them.
    """

    file: Id
    module: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,40}$")]
    columns: Columns = {}
    constants: Constants = {}
    duplicates: Duplicates = "skip"
    update: Literal["empty", "all"] = "empty"
    time_zone: TimeZone | None = None
    header: bool | None = None
    linked: list[ShortText] = []
    owner_id: UserId | None = None

    @property
    def choices(self) -> dict[int, Choice]:
        """By the column's place."""
        return {
            int(place): Choice(choice.target, choice.reading, choice.words)
            for place, choice in self.columns.items()
            if choice
        }

    @property
    def taken_back(self) -> frozenset[int]:
        """Columns that are to be what they show, whatever was said of them for this layout."""
        return frozenset(int(place) for place, choice in self.columns.items() if choice is None)


class ImportAnswer(Wire):
    """What shall be otherwise: then it is proposed afresh. With nothing of it: it is written as it was proposed.

    `columns`: beside what was said of others before.
    """

    columns: Columns | None = None
    constants: Constants | None = None
    duplicates: Duplicates | None = None
    update: Literal["empty", "all"] | None = None
    time_zone: TimeZone | None = None
    header: bool | None = None
    linked: list[ShortText] | None = None
    owner_id: UserId | None = None


def asked_of(input_: Document) -> ImportInput:
    return parse(ImportInput, input_)


def module_of(asked: ImportInput) -> Module:
    """Raises Invalid."""
    for module in MODULES:
        if module.noun == asked.module:
            return module
    raise invalid(("module", f"must be one of {', '.join(module.noun for module in MODULES)}"))


def check(_principal: Principal, asked: ImportInput) -> None:
    """Raises Invalid."""
    faults = [*_faults(module_of(asked), asked.choices, asked.constants, "")]
    if faults:
        raise invalid(*faults)


def confirmed(work: Work, proposal: Document, answer: ImportAnswer) -> Confirmed:
    """A plan once more where something is to be otherwise; else the writing. Raises Invalid."""
    said = answer.model_dump(mode="json", by_alias=True, exclude_none=True)
    is_same_table = said.get("header") in (None, work.input.get("header"))
    columns = {**(work.input.get("columns", {}) if is_same_table else {}), **said.get("columns", {})}
    input_ = {**work.input, **said, **({"columns": columns} if columns else {})}
    asked = asked_of(input_)
    before = asked_of(work.input)
    if asked != before:
        faults = [*_faults(module_of(asked), asked.choices, asked.constants, "answer.")]
        width = len(proposal.get("columns", []))
        faults += [
            (f"answer.columns.{place}", "there is no such column")
            for place in (*asked.choices, *asked.taken_back)
            if place >= width and asked.header == before.header
        ]
        known = {each["name"] for each in proposal.get("linked", ())}
        faults += [("answer.linked", f"{name} was not proposed") for name in asked.linked if name not in known]
        if faults:
            raise invalid(*faults)
        return Confirmed(cursor={}, plan_again=True, input=input_)
    if proposal.get("refused"):
        raise invalid(("answer.columns", proposal["refused"]))
    plan = {name: work.cursor[name] for name in ("pages", "seen", "planned")}
    return Confirmed(cursor={**plan, "plan": work.run, "page": 0, "row": 0, "strangers": []})


def _faults(
    module: Module, choices: Mapping[int, Choice], constants: Mapping[str, Any], where: str
) -> Iterator[tuple[str, str]]:
    for place, choice in choices.items():
        for name, fault in reading_faults(choice.reading):
            yield f"{where}columns.{place}.reading.{name}"[:_LONGEST_PLACE], fault
        if choice.target is not None:
            try:
                target_named(choice.target, module)
            except ValueError as error:
                yield f"{where}columns.{place}.target", str(error)
    for name in constants:
        if name not in targets_of(module) or "." in name:
            yield f"{where}constants.{name}", "is no field that a file can fill"
