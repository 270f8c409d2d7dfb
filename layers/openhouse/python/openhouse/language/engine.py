"""The interface of a language engine. It points at words, or writes sentences; everything else is done by code.

There are two: `rules.RulesEngine`, embedded and the default, and `bedrock.BedrockEngine`. What an engine says is never
believed: values are read from the words that it points at, sentences are compared with the record.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from openhouse.language.labels import Label

EngineName = Literal["rules", "bedrock"]


@dataclass(frozen=True, kw_only=True)
class Asker:
    """For whom an engine works. `now`: in UTC."""

    brokerage_id: str
    task_id: str
    kind: str
    now: datetime


@dataclass(frozen=True, order=True)
class Mention:
    """Characters `start` to `end` of what an engine was shown are what `label` says."""

    start: int
    end: int
    label: Label


class Engine(Protocol):
    """Both calls raise `LanguageError`s. `name` stands in every result."""

    @property
    def name(self) -> EngineName: ...

    def mentions(self, asker: Asker, text: str, labels: Collection[Label]) -> Sequence[Mention]:
        """Where the text says what these labels are for; a label once for each thing that it names."""
        ...

    def sentences(self, asker: Asker, facts: Mapping[str, Any]) -> Sequence[str]:
        """A description of a property in sentences, from its facts: fields of a listing in wire form."""
        ...
