"""How much of what texts say the language engines find, and how much of what they find is right, by field.

`python -m bench.language`. The texts and what is expected of them are in bench/data/language. Every third one is held
out: the rules were made without looking at what they make of it; but one hand wrote them all, texts and rules. Those in
later.toml were written afterwards, in other manners: at first sight, 57 % of what they say was found, and 96 % of what
was found was right. That is what to expect of a manner that nobody has thought of; since then they count as tuned on.
Bedrock is asked only if its model is named (`BEDROCK_MODEL_ID`, `BEDROCK_REGION`), and costs money.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

from bench.command import Benchmark, exit_with
from bench.report import table
from deployed.terminal import Steps
from openhouse.core.errors import LanguageError
from openhouse.language.engine import Asker, Engine
from openhouse.language.engines import engine_of
from openhouse.language.proposals import Proposal, create_from_text
from openhouse.language.rules.engine import RulesEngine
from openhouse.language.timelines import escrow_timeline
from openhouse.settings import LanguageSettings
from tests.memory_allowance import MemoryAllowance

DATA = Path(__file__).parent / "data" / "language"
ZONE = "America/Los_Angeles"
TODAY = date(2026, 11, 29)
ASKER = Asker(
    brokerage_id="bench", task_id="bench", kind="create_from_text", now=datetime(2026, 11, 29, 20, tzinfo=UTC)
)
HELD_OUT = 3  # every third
LATER = "later"
PARTS = ("tuned on", "held out", LATER)

Found = tuple[str, str, str]  # noun, field, value


class Sample(NamedTuple):
    name: str
    kind: str  # the file it is in
    part: str
    text: str
    expected: Counter[Found]


@dataclass
class Score:
    right: int = 0
    found: int = 0
    expected: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0

    def add(self, found: Counter[Found], expected: Counter[Found]) -> None:
        self.right += (found & expected).total()
        self.found += found.total()
        self.expected += expected.total()


def _files() -> list[Path]:
    """Those that were written later come last, so that none of the others changes its part."""
    return sorted(DATA.glob("*.toml"), key=lambda file: (file.stem == LATER, file.stem))


def samples() -> list[Sample]:
    read = [(file.stem, entry) for file in _files() for entry in tomllib.loads(file.read_text("utf-8"))["text"]]
    return [
        Sample(entry["name"], kind, _part(kind, number), entry["text"], Counter(_expected(entry)))
        for number, (kind, entry) in enumerate(read)
    ]


def _part(kind: str, number: int) -> str:
    return LATER if kind == LATER else "held out" if number % HELD_OUT == HELD_OUT - 1 else "tuned on"


def found_in(engine: Engine, text: str) -> Counter[Found]:
    """What a proposal and a timeline say, in the terms in which the data say what is expected."""
    proposal = create_from_text(engine, ASKER, text, today=TODAY, time_zone=ZONE)
    timeline = escrow_timeline(engine, ASKER, text, today=TODAY)
    dates = [("timeline", each.label, each.day.isoformat()) for each in timeline.dates]
    return Counter([*_proposed(proposal), *dates])


def _proposed(proposal: Proposal) -> Iterator[Found]:
    for record in proposal.records:
        if record.noun == "appointment":
            begins = datetime.fromisoformat(record.fields["startsAt"]).astimezone(ZoneInfo(ZONE))
            when = f"{begins:%Y-%m-%d}" if record.fields.get("allDay") else f"{begins:%Y-%m-%dT%H:%M}"
            yield "appointment", "title", record.fields["title"]
            yield "appointment", "when", f"{record.fields['title']} {when}"
            continue
        who = _who(record.fields) if record.noun == "client" else ""
        for name, value in record.fields.items():
            yield record.noun, name, f"{who}{_text(value)}"


def _expected(entry: Mapping[str, Any]) -> Iterator[Found]:
    place = entry.get("property", {})
    listing = {**_placed(place, "address"), **entry.get("listing", {})}
    if "escrow" in entry:
        escrow = {**_placed(place, "propertyAddress"), **entry["escrow"]}
        yield from (("escrow", name, _text(value)) for name, value in escrow.items())
    if {"street", "city", "state", "zip"} <= place.keys() or "listing" in entry:
        yield from (("listing", name, _text(value)) for name, value in listing.items())
    for client in entry.get("clients", []):
        yield from (("client", name, f"{_who(client)}{_text(value)}") for name, value in client.items())
    for each in entry.get("appointments", []):
        yield "appointment", "title", each["title"]
        yield "appointment", "when", f"{each['title']} {each.get('on') or each['at']}"
    for each in entry.get("timeline", _timeline_of(entry)):
        yield "timeline", each["label"], each["on"]


def _timeline_of(entry: Mapping[str, Any]) -> list[dict[str, str]]:
    """Of a text that has none of its own: what its appointments and its escrow say."""
    labels = {
        "Close of escrow": "close_of_escrow", "Contingency removal": "contingency_removal", "Inspection": "inspection",
        "Appraisal": "appraisal", "Signing": "signing", "Final walk-through": "final_walkthrough",
    }  # fmt: skip
    found = [
        {"label": labels[each["title"]], "on": (each.get("on") or each["at"])[:10]}
        for each in entry.get("appointments", [])
        if each["title"] in labels
    ]
    escrow = entry.get("escrow", {})
    for name, label in (("openedDate", "opened"), ("actualCloseDate", "closed")):
        found += [{"label": label, "on": escrow[name]}] if name in escrow else []
    return found


def _placed(place: Mapping[str, str], street: str) -> dict[str, str]:
    return {street if name == "street" else name: value for name, value in place.items()}


def _who(client: Mapping[str, Any]) -> str:
    return f"{client.get('company') or ''}{client.get('firstName') or ''} {client.get('lastName') or ''}: "


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _engines() -> list[Engine]:
    settings = LanguageSettings.load()
    if not settings.bedrock_model_id:
        return [RulesEngine()]
    return [RulesEngine(), engine_of(settings, MemoryAllowance(), lambda: str(uuid4()))]


def measure(quick: bool, _steps: Steps) -> dict[str, Any]:
    known = samples()[:12] if quick else samples()
    return {engine.name: _scores(engine, known) for engine in _engines()}


def _scores(engine: Engine, known: Iterable[Sample]) -> dict[str, Any]:
    parts: dict[str, dict[str, Score]] = {part: {} for part in PARTS}
    wrong: list[dict[str, Any]] = []
    failed: list[str] = []
    for sample in known:
        try:
            found = found_in(engine, sample.text)
        except LanguageError as error:
            failed.append(f"{sample.name}: {error.code}")
            found = Counter()
        scores = parts[sample.part]
        for noun, name, _ in {**found, **sample.expected}:
            scores.setdefault(f"{noun}.{name}", Score())
        for field, score in [*scores.items()]:
            score.add(_of(found, field), _of(sample.expected, field))
        scores.setdefault("all", Score()).add(found, sample.expected)
        if found != sample.expected:
            missed, extra = sample.expected - found, found - sample.expected
            wrong.append({
                "name": sample.name, "part": sample.part,
                "missed": sorted(missed.elements()), "extra": sorted(extra.elements()),
            })  # fmt: skip
    return {
        "scores": {
            part: {
                field: {
                    "precision": each.precision,
                    "recall": each.recall,
                    "expected": each.expected,
                    "found": each.found,
                }
                for field, each in scores.items()
            }
            for part, scores in parts.items()
        },
        "wrong": wrong,
        "failed": failed,
    }


def _of(found: Counter[Found], field: str) -> Counter[Found]:
    if field == "all":
        return Counter()
    noun, name = field.split(".")
    return Counter({each: count for each, count in found.items() if each[:2] == (noun, name)})


def report(result: Mapping[str, Any]) -> str:
    texts: list[str] = []
    for engine, found in result.items():
        scores = [found["scores"][part] for part in PARTS]
        fields = sorted({name for part in scores for name in part}, key=lambda name: (name == "all", name))
        rows = [[name, *(cell for part in scores for cell in _cells(part.get(name)))] for name in fields]
        heads = ["field", *(f"{part}: {what}" for part in PARTS for what in ("precision", "recall", "of"))]
        texts.append(f"Engine: {engine}\n\n{table(heads, rows)}\n\nTexts with something wrong: {len(found['wrong'])}.")
        texts += [f"Failed: {each}" for each in found["failed"]]
    return "\n\n".join(texts)


def _cells(score: Mapping[str, Any] | None) -> Sequence[str]:
    if score is None:
        return "", "", ""
    return f"{score['precision']:.0%}", f"{score['recall']:.0%}", str(score["expected"])


BENCHMARK = Benchmark("language", "What the language engines read in texts, beside what there is.", measure, report)

if __name__ == "__main__":
    exit_with(BENCHMARK.run)
