"""Records that a text is about, for somebody to confirm: `create_from_text`. Pure but for the engine.

Every value is read by code from words of the text, and says where they stand. What the text does not say is left out,
and so is what it says in two ways; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from openhouse.language.drafting import Draft, drafts
from openhouse.language.engine import Asker, Engine, EngineName
from openhouse.language.grounding import whole
from openhouse.language.key_dates import key_dates
from openhouse.language.labels import LABELS
from openhouse.language.source import Source, Span
from openhouse.language.values import Values


@dataclass(frozen=True)
class Proposed:
    """`ref`: a local name, such as `client-2`, by which `links` of other records point here. `missing`: fields that the
    record needs before it can be created.
    """

    ref: str
    noun: str
    fields: Mapping[str, Any]
    origins: Mapping[str, Span]
    notes: Mapping[str, str]
    links: Mapping[str, Any]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Warned:
    """A sentence for the person, and what it is about, if that stands somewhere."""

    message: str
    span: Span | None = None


@dataclass(frozen=True)
class Proposal:
    engine: EngineName
    records: tuple[Proposed, ...]
    warnings: tuple[Warned, ...] = field(default=())

    def document(self) -> dict[str, Any]:
        """JSON: each field is `{value, start, end}`, with a `note` where more than the words decided."""
        return {
            "engine": self.engine,
            "records": [
                {
                    "ref": record.ref,
                    "noun": record.noun,
                    "fields": {
                        name: {
                            "value": value,
                            **asdict(record.origins[name]),
                            **({"note": record.notes[name]} if name in record.notes else {}),
                        }
                        for name, value in record.fields.items()
                    },
                    "links": dict(record.links),
                    "missing": list(record.missing),
                }
                for record in self.records
            ],
            "warnings": [
                {"message": each.message, **(asdict(each.span) if each.span else {})} for each in self.warnings
            ],
        }


def create_from_text(engine: Engine, asker: Asker, text: str, *, today: date, time_zone: str) -> Proposal:
    """`today`: where the person is, in `time_zone` (IANA). Raises LanguageErrors."""
    source = Source(text)
    mentions = whole(source.shown, engine.mentions(asker, source.shown, LABELS))
    dates, unread = key_dates(source.shown, mentions, today)
    values = Values(source.shown, mentions)
    found = drafts(values, dates, time_zone)
    warnings = [
        *(Warned("Instructions in the text were not followed.", span) for span in source.addressed),
        *(
            Warned(f"{each.label.replace('_', ' ')}: {each.reason}.", source.span(*each.place))
            for each in values.doubts
        ),
        *(
            Warned(f"{each.label.replace('_', ' ')}: {each.reason}.", source.span(each.mention.start, each.mention.end))
            for each in unread
        ),
        *(Warned(each.message, source.span(*each.place)) for draft in found for each in draft.refused),
    ]
    return Proposal(engine.name, tuple(_proposed(draft, source) for draft in found), tuple(warnings))


def _proposed(draft: Draft, source: Source) -> Proposed:
    return Proposed(
        ref=draft.ref,
        noun=draft.module.noun,
        fields={name: each.value for name, each in draft.fields.items()},
        origins={name: source.span(*each.place) for name, each in draft.fields.items()},
        notes={name: each.note for name, each in draft.fields.items() if each.note},
        links=draft.links,
        missing=draft.missing,
    )
