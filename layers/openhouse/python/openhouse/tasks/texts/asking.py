"""How a part of a task asks the language engine: once, however often the part is tried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from openhouse.core.json_text import size
from openhouse.core.merge_patch import Document
from openhouse.tasks.kind import Run

if TYPE_CHECKING:
    from openhouse.language.engine import Asker

T = TypeVar("T")

SHOWN_BYTES = 40_000  # of a text that is told with what was read from it: an event holds some 120 KB


def once(run: Run, ask: Callable[[Asker], T], now: datetime) -> T:
    """An answer is paid for: a part that meets others is tried again with the same. Raises LanguageErrors."""
    from openhouse.language.engine import Asker  # noqa: PLC0415

    if "answer" not in run.memo:
        work = run.work
        asker = Asker(brokerage_id=work.brokerage_id, task_id=work.task_id, kind=work.kind, now=now)
        run.memo["answer"] = ask(asker)
    answer: T = run.memo["answer"]
    return answer


def today(now: datetime, time_zone: str) -> date:
    return now.astimezone(ZoneInfo(time_zone)).date()


def shown(text: str) -> Document:
    """The text itself, for forms beside it on all devices, unless it is too long for that: `start` and `end` of what
    was found in it count its characters.
    """
    return {"text": text} if size(text) <= SHOWN_BYTES else {}


def with_words(place: Any, text: str) -> Document:
    """What has a place in the text, with the words that stand there."""
    return {**place, "words": text[place["start"] : place["end"]]} if "start" in place else dict(place)
