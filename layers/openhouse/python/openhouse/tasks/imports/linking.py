"""Records of other modules that the rows of a file tell of, too: each is made once, and linked by the row's own record.

They are planned with their row, and written in its transaction: `with` of its line, `[{noun, id, doc}]`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic.alias_generators import to_camel

from openhouse.core.errors import RequestError
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.crm import changes
from openhouse.crm.module import Module
from openhouse.importing.linked import Linked
from openhouse.importing.mapping import Mapping as Decided
from openhouse.importing.reader import Reader
from openhouse.importing.sameness import Facts, Records
from openhouse.importing.tables import Row
from openhouse.tasks.imports.ids import record_id
from openhouse.tasks.imports.pages import Line


def name_of(linked: Linked) -> str:
    """`buyer`, `seller`, `listing`."""
    return linked.role.name or linked.role.module.noun


@dataclass(frozen=True)
class Role:
    """`field`: of the row's record, that names the one of this role; a set of ids or one."""

    name: str
    module: Module
    field: str
    reader: Reader
    known: Records

    @property
    def is_set(self) -> bool:
        return self.field.endswith("Ids")


@dataclass
class Links:
    """`fields`: of the row's record; `new`: what is made with it."""

    fields: Document = field(default_factory=dict)
    new: list[Document] = field(default_factory=list)


def mapping_of(linked: Linked) -> Document:
    """As it is kept with the plan."""
    role = linked.role
    decided = linked.proposal.decide({}, role.constants)
    columns = [column.name for column in decided.columns if column.target]
    link = {"name": name_of(linked), "noun": role.module.noun, "field": role.link, "columns": columns}
    return {**link, "mapping": decided.wire()}


def role_of(kept: Document, module: Module, known: Records, *, this_year: int, time_zone: str | None) -> Role:
    """Of what `mapping_of` keeps."""
    reader = Reader.of(Decided.from_wire(kept["mapping"]), module, this_year=this_year, time_zone=time_zone)
    return Role(kept["name"], module, kept["field"], reader, known)


@dataclass(frozen=True)
class Linker:
    task_id: str
    principal: Principal
    roles: Sequence[Role]

    def links(self, n: int, row: Row, whose: Mapping[str, Any], now: datetime) -> Links:
        """`whose`: who owns and sees the row's record, and so these."""
        found = Links()
        for role in self.roles:
            read = role.reader.read(row.cells)
            if read.rejected is not None or not read.document:
                continue  # there is nobody, or nothing that could stand by itself
            facts = Facts.of_document(role.module, read.document)
            same = role.known.find(facts).same
            id_ = same[0].id if same else self._new(n, row, role, {**read.document, **whose}, facts, found, now)
            if id_ and role.is_set:
                found.fields.setdefault(role.field, {})[id_] = True
            elif id_:
                found.fields[role.field] = id_
        return found

    def _new(
        self, n: int, row: Row, role: Role, document: Document, facts: Facts, found: Links, now: datetime
    ) -> str | None:
        id_ = record_id(self.task_id, n, role.name)
        try:
            changes.create(role.module, self.principal, document, id_=id_, now=now)
        except RequestError:
            return None
        self._know(role.module, id_, facts, row.line)
        found.new.append({"noun": role.module.noun, "id": id_, "doc": document})
        return id_

    def remember(self, line: Line) -> None:
        """What a row has brought before, for those that follow."""
        for new in line.get("with", ()):
            module = next(role.module for role in self.roles if role.module.noun == new["noun"])
            self._know(module, new["id"], Facts.of_document(module, new["doc"]), line["line"])

    def _know(self, module: Module, id_: str, facts: Facts, line: int) -> None:
        """Of all roles alike: who sells here may buy there."""
        for known in {id(role.known): role.known for role in self.roles if role.module is module}.values():
            known.add(id_, facts, line)


def without_links(module: Module, document: Document) -> Document:
    links = {to_camel(name) for name in module.references}
    return {name: value for name, value in document.items() if name not in links}
