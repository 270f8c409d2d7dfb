"""What a CRM module declares: its records' fields, its statuses and how they may change, what it counts and names.

Everything else (routes, events, storage, lists, totals, contracts) is the same for all modules and follows from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self, get_args

from pydantic.alias_generators import to_camel

from openhouse.core.merge_patch import Document
from openhouse.core.room_names import Visibility
from openhouse.core.wire import Moment, Wire
from openhouse.crm.fields import Id, LongText, UserId
from openhouse.crm.file_types import FileKind
from openhouse.rooms.entity import Entity, Versioned

# As JSON in UTF-8. DynamoDB refuses items over 400 KB; what a request may hold follows from this.
MAX_RECORD_BYTES = 200_000
PAGE_BYTES = 2_500_000  # after which a page ends. Lambda answers no more than 6 MB, and quotes double on the way

USER = "user"  # in `references`: someone of the brokerage, not a record


class Record(Versioned):
    """What every record has beside its module's fields."""

    visibility: Visibility = "team"
    team_id: Id | None = None  # chosen when it is created; where it goes when its visibility is `team`
    owner_id: UserId
    taken_over: bool = False  # its owner took it from somebody else: they cannot make it private
    archived: bool = False
    created_at: Moment
    created_by: str
    updated_at: Moment
    updated_by: str
    status: str


ASSIGNED = frozenset(
    {"id", "version", "room", "taken_over", "created_at", "created_by", "updated_at", "updated_by"}
)  # by the server, in every module
ABOUT_THE_CALLER = ("can", "warnings")  # beside a record in answers, never in it
NON_NULLABLE = frozenset({"visibility", "status", "archived", "owner_id"})  # what a patch of null must not remove


class Totals(Wire):
    """Sums over a room's records, beside their counts by status. Every field is a number or a map of numbers."""

    @classmethod
    def of(cls, _record: Any) -> Self:
        """What one record adds."""
        return cls()


@dataclass(frozen=True, kw_only=True)
class Numbering:
    """A readable number `PREFIX-YEAR-001`, counted without gaps per brokerage and year."""

    field: str
    prefix: str

    def text(self, year: int, count: int) -> str:
        return f"{self.prefix}-{year}-{count:03d}"


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """`POST /<path>/{id}/convert`: a record takes a final status, and one of another module begins from it."""

    status: str
    into: Module
    link: str  # the field that names the new record
    new_record: Callable[[Any], Document]  # the new record's fields, in wire form


@dataclass(frozen=True, kw_only=True)
class Sameness:
    """What two records have alike that are one thing, for whoever brings records from elsewhere.

    `keys`: fields (or what `looked_up` calls them) in the order in which they decide: the first of which both have
    all. `any_key`: one that is alike is enough. `otherwise`: of two that have none of the keys. `apart`: where these
    are there and differ, it is another one all the same.
    """

    keys: tuple[tuple[str, ...], ...] = ()
    any_key: bool = False
    otherwise: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()

    @property
    def fields(self) -> set[str]:
        return {name for key in (*self.keys, self.otherwise, self.apart) for name in key}


def _no_warnings(_record: Any) -> Iterable[tuple[str, str]]:
    return ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Module(Entity):
    """`example`: a new record as a client sends it."""

    model: type[Record]
    transitions: dict[str, tuple[str, ...]]  # from each status to those that may follow; the first is the default
    verbs: dict[str, str] = field(default_factory=dict)  # a status whose entering has an event of its own
    searched: tuple[str, ...] = ()  # the fields that are searched for words
    filtered: Mapping[str, str] = field(default_factory=dict)  # a parameter of lists, and the field that has its value
    dated_by: str | None = None  # the natural date: lists are sorted and narrowed by it
    ends_by: str | None = None  # where it is the begin of something: its end
    named_by: tuple[str, ...] = ()  # what lists are sorted by as its name
    priced_by: str | None = None  # what lists are sorted and narrowed by as its price, in cents
    references: Mapping[str, str] = field(default_factory=dict)  # a field that names records, and their noun (or USER)
    holds_files: Mapping[str, FileKind] = field(default_factory=dict)  # a field of `Files`, and which it takes
    totals: type[Totals] = Totals
    numbering: Numbering | None = None
    conversion: Conversion | None = None
    looked_up: Mapping[str, str] = field(default_factory=dict)  # a field, and what others may have alike: "phone"
    same_by: Sameness = Sameness()
    warnings: Callable[[Any], Iterable[tuple[str, str]]] = _no_warnings  # hints that refuse nothing: field and message

    def __post_init__(self) -> None:
        declared = set(get_args(self.model.model_fields["status"].annotation))
        if declared != set(self.transitions):
            raise TypeError(f"the statuses of {self.noun} differ between its model and its transitions")
        single = filter(None, [self.dated_by, self.ends_by, self.priced_by])
        named = {*self.searched, *self.references, *self.looked_up, *self.filtered.values(), *self.named_by, *single}
        named.update(self.holds_files)
        named |= self.same_by.fields - set(self.looked_up.values())
        if unknown := sorted(named - self.model.model_fields.keys()):
            raise TypeError(f"{self.noun} has no field {unknown[0]}")

    @property
    def first_status(self) -> str:
        return next(iter(self.transitions))

    @property
    def initial_statuses(self) -> tuple[str, ...]:
        """In which a record may begin: all but the one that is reached by converting."""
        final = self.conversion.status if self.conversion else None
        return tuple(status for status in self.transitions if status != final)

    def is_final(self, status: str) -> bool:
        """Whether only reopening leads out of it."""
        return not self.transitions[status]

    @cached_property
    def fields(self) -> frozenset[str]:
        """The names of a record's fields in snake_case."""
        return frozenset(self.model.model_fields)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """The fields that hold long texts: people are mentioned there."""
        fields = self.model.model_fields.items()
        return tuple(name for name, info in fields if LongText in (info.annotation, *get_args(info.annotation)))

    def name_of(self, record: Record) -> str:
        """What people call it."""
        return " ".join(filter(None, (getattr(record, field) for field in self.named_by)))

    @cached_property
    def assigned_at_first(self) -> frozenset[str]:
        """The fields that no client may write in a new record."""
        return self.assigned_fields.union(self.holds_files)

    @cached_property
    def assigned_fields(self) -> frozenset[str]:
        """The fields that no client may write."""
        return ASSIGNED | ({self.numbering.field} if self.numbering else frozenset())

    @cached_property
    def assigned(self) -> frozenset[str]:
        """The same in camelCase."""
        return frozenset(map(to_camel, self.assigned_fields))
