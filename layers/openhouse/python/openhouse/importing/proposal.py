"""What the columns of a table would become: a field each where it is sure, suggestions and questions elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from openhouse.crm.module import Module
from openhouse.importing import beside
from openhouse.importing.addresses import split_address
from openhouse.importing.evidence import AREA_FIELDS, GUESSES, fits, reading_of
from openhouse.importing.header_words import header_of, layout_key
from openhouse.importing.mapping import Choice, Column
from openhouse.importing.mapping import Mapping as Decided
from openhouse.importing.matching import Claim, claims_of, has_no_field
from openhouse.importing.numbers import MIXED
from openhouse.importing.rivals import are_same, best_known, without_contradictions
from openhouse.importing.sample import Sample, share
from openhouse.importing.targets import ADDRESSES, FULL_NAME, PLACE, Kind, Target, target_named, targets_of

SAMPLES = 3
_GUESSED = 0.8

# Several columns fill these together.
_GATHERING = frozenset({Kind.PHONE, Kind.EMAIL, Kind.LABEL, Kind.TAGS, Kind.LONG_TEXT})
# Where the first column is empty, the next one says it.
_STAND_IN = frozenset({"propertyType", "lotSizeSqft"})


class Confidence(StrEnum):
    SURE = "sure"  # filled unless somebody says otherwise
    SUGGESTED = "suggested"  # a person decides
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ProposedColumn:
    """`target`: set only where it is sure. `candidates`: what else it may be, likeliest first. `samples`: its first
    values. `unknown_words`: of a vocabulary, that wait for a decision. `remark`: what a person should look at.
    """

    name: str
    confidence: Confidence
    target: str | None = None
    candidates: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    reading: Mapping[str, Any] = ()  # type: ignore[assignment]
    unknown_words: tuple[str, ...] = ()
    remark: str = ""

    def wire(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "confidence": self.confidence.value,
            "target": self.target,
            "candidates": list(self.candidates),
            "samples": list(self.samples),
            "reading": dict(self.reading),
            "unknownWords": list(self.unknown_words),
            "remark": self.remark,
        }


@dataclass(frozen=True)
class Proposal:
    module: Module
    layout: str
    columns: tuple[ProposedColumn, ...]
    missing: tuple[str, ...]  # required fields that no column fills
    sample: Sample

    def wire(self) -> dict[str, Any]:
        columns = [column.wire() for column in self.columns]
        return {"layout": self.layout, "columns": columns, "missing": list(self.missing)}

    def decide(
        self, choices: Mapping[int, Choice] | None = None, constants: Mapping[str, Any] | None = None
    ) -> Decided:
        """What is sure, and what a person chose by the column's place, which wins. Raises ValueError."""
        choices = choices or {}
        self._check(choices, constants or {})
        targets = targets_of(self.module)
        chosen = {choice.target for choice in choices.values()}
        filled = {
            index: choices[index].target if index in choices else column.target
            for index, column in enumerate(self.columns)
            if index in choices or column.target not in chosen or (column.target and _gathers(targets[column.target]))
        }
        where = {target: index for index, target in reversed(filled.items()) if target}
        columns = [
            Column(
                column.name, target, self._reading(index, targets[target], where, choices.get(index)) if target else {}
            )
            for index, column in enumerate(self.columns)
            for target in [filled.get(index)]
        ]
        return Decided(self.module.path, self.layout, tuple(columns), constants or {}, choices)

    def _reading(self, index: int, target: Target, where: Mapping[str, int], choice: Choice | None) -> dict[str, Any]:
        reading: dict[str, Any] = reading_of(self.sample, index, target, self.module, where)
        name = self.columns[index].name
        claim = next((one for one in claims_of(name, self.module) if one.target == target.name), None)
        if target.kind in (Kind.PHONE, Kind.EMAIL):
            reading |= {"label": claim.label, "rank": [*claim.order]} if claim else {"label": "", "rank": [9, 1]}
        elif target.name in _STAND_IN and claim:
            reading["rank"] = [claim.tier, 1]
        if target.kind is Kind.LABEL and claim:
            reading["number"] = claim.order[1]
        if target.kind is Kind.LONG_TEXT and _is_kept(claim, target, self.columns):
            reading["label"] = name.strip() or f"Column {index + 1}"
        if choice:
            reading |= choice.reading
            if choice.words:
                reading["words"] = {**reading.get("words", {}), **choice.words}
                reading["left"] = [word for word, meant in choice.words.items() if meant is None]
        return reading

    def _check(self, choices: Mapping[int, Choice], constants: Mapping[str, Any]) -> None:
        targets = targets_of(self.module)
        taken: dict[str, str] = {}
        for index, choice in choices.items():
            if not 0 <= index < len(self.columns):
                raise ValueError(f"there is no column {index + 1}")
            name = choice.target
            if name is None:
                continue
            target_named(name, self.module)
            column = self.columns[index].name
            if name in taken and not _gathers(targets[name]) and name not in _STAND_IN:
                raise ValueError(f"the columns {taken[name]} and {column} cannot both be {name}")
            taken[name] = column
            if wrong := [
                word for word in choice.words.values() if word is not None and word not in targets[name].choices
            ]:
                raise ValueError(f"{wrong[0]} is not one of {', '.join(targets[name].choices)}")
        for name in constants:
            if name not in targets or targets[name].part:
                raise ValueError(f"{self.module.path} have no field {name}")


def propose(columns: Sequence[str], rows: Iterable[Sequence[str]], module: Module) -> Proposal:
    """`rows`: best all of them, as what they show is what cells are read by; some thousand are kept."""
    sample = Sample.of(columns, rows)
    claims = [claims_of(name, module) for name in columns]
    targets = targets_of(module)
    fitting = [
        tuple(
            replace(
                claim,
                sure=claim.sure and fits(targets[claim.target], sample.texts[index], module, named=not claim.tier),
            )
            for claim in one
        )
        for index, one in enumerate(claims)
    ]
    sure = _winners(fitting, sample, module)
    where = {target: index for index, target in reversed(sure.items())}
    proposed = tuple(
        _column(sample, index, fitting[index], sure.get(index), module, where) for index in range(len(columns))
    )
    return Proposal(module, layout_key(columns), proposed, tuple(_missing(sure, targets, sample)), sample)


def _winners(claims: Sequence[Sequence[Claim]], sample: Sample, module: Module) -> dict[int, str]:
    """The target of each column where there is no doubt."""
    targets = targets_of(module)
    by_target: defaultdict[str, list[tuple[int, Claim]]] = defaultdict(list)
    group = _group(claims, sample)
    has_parts = any(claim.target.endswith("ddress.name") for one in claims for claim in one if claim.sure)
    for index, every in enumerate(claims):
        one = [claim for claim in every if has_parts or not claim.target.endswith("ddress.suffix")]
        first = next((claim for claim in one if claim.sure), None)
        equal = [claim for claim in one if claim.sure and first and claim.tier == first.tier]
        if first is None or len(equal) > 1:
            continue  # it may be several
        if _is_grouped(first.target) and first.group != group:
            continue
        by_target[first.target].append((index, first))
    winners: dict[int, str] = {}
    for name, claimed in by_target.items():
        for index in _chosen(claimed, sample, targets[name], module):
            winners[index] = name
    return dict(without_contradictions(winners, sample))


def _chosen(claimed: Sequence[tuple[int, Claim]], sample: Sample, target: Target, module: Module) -> list[int]:
    if _gathers(target):
        return [index for index, claim in claimed if claim.tier < 5]
    filled = [(index, claim) for index, claim in claimed if sample.texts[index]] or list(claimed)
    if target.name in _STAND_IN:
        return [index for index, _ in sorted(filled, key=lambda one: one[1].tier)]
    best = min(claim.tier for _, claim in filled)
    firsts = [index for index, claim in filled if claim.tier == best]
    if len(firsts) > 1 and target.kind is Kind.WORDS:
        firsts = best_known(firsts, sample, target, module)
    return firsts[:1] if len(firsts) == 1 or are_same(firsts, sample) else []


def _group(claims: Sequence[Sequence[Claim]], sample: Sample) -> int:
    """Whose address it is: all its columns are one person's, never a street here and a city there."""
    filled: defaultdict[int, bool] = defaultdict(bool)
    for index, one in enumerate(claims):
        for claim in one[:1]:
            if claim.sure and _is_grouped(claim.target):
                is_place = claim.target.partition(".")[0] in (*ADDRESSES, "city", "place")
                filled[claim.group] |= bool(sample.texts[index]) and is_place
    return next((group for group in sorted(filled) if filled[group]), min(filled, default=0))


def _is_grouped(target: str) -> bool:
    return target in beside.GROUPED or target.startswith("address.")


def _gathers(target: Target) -> bool:
    return target.kind in _GATHERING


def _is_kept(claim: Claim | None, target: Target, columns: Sequence[ProposedColumn]) -> bool:
    """Whether a text is told from others by its column's name: all that is no note by name, and notes beside others."""
    if claim is None or not claim.sure:
        return True
    return sum(column.target == target.name for column in columns) > 1


def _column(
    sample: Sample, index: int, claims: Sequence[Claim], target: str | None, module: Module, where: Mapping[str, int]
) -> ProposedColumn:
    targets = targets_of(module)
    texts = sample.texts[index]
    name, samples = sample.columns[index], tuple(dict.fromkeys(texts[:200]))[:SAMPLES]
    candidates = tuple(dict.fromkeys(claim.target for claim in claims if claim.target != target))
    if target is None:
        if not candidates and not claims:
            candidates = tuple(_guesses(name, texts, module, where))
        confidence = Confidence.SUGGESTED if candidates else Confidence.UNKNOWN
        return ProposedColumn(name, confidence, None, candidates, samples, {})
    reading = reading_of(sample, index, targets[target], module, where)
    words = reading.get("words", {})
    unknown = tuple(word for word, meant in words.items() if meant is None) if isinstance(words, dict) else ()
    return ProposedColumn(
        name, Confidence.SURE, target, candidates, samples, reading, unknown, _remark(targets[target], reading, unknown)
    )


def _guesses(name: str, texts: Sequence[str], module: Module, where: Mapping[str, int]) -> Iterator[str]:
    """What the texts alone suggest of a column whose header says nothing."""
    targets = targets_of(module)
    if not texts or has_no_field(header_of(name)):
        return
    for guess, test in GUESSES:
        if guess in targets and (guess not in where or _gathers(targets[guess])) and share(texts, test) >= _GUESSED:
            yield guess


def _remark(target: Target, reading: Mapping[str, Any], unknown: Sequence[str]) -> str:
    """What a person should look at before the import, if anything."""
    is_area = target.field in AREA_FIELDS and target.kind is Kind.WHOLE
    stand_ins = ", ".join(reading.get("standIns", ()))
    remarks = (
        (reading.get("assumed"), "read as month/day/year: no value shows which comes first"),
        (reading.get("order") == MIXED, "has both month/day and day/month: what could be either is left out"),
        (
            reading.get("decimalSign") == MIXED,
            "has decimal points and decimal commas: what could be either is left out",
        ),
        (reading.get("scale") == "", "0.025 may be 2.5 % or 0.025 %: left out until somebody decides"),
        (is_area and reading.get("unit") == "", "too small for square feet: left out until somebody says the unit"),
        (stand_ins, f"{stand_ins} stands for nobody, and is left out"),
        (unknown, f"says nothing to us: {', '.join(unknown)}"),
    )
    return next((text for applies, text in remarks if applies), "")


def _missing(sure: Mapping[int, str], targets: Mapping[str, Target], sample: Sample) -> Iterator[str]:
    filled = set(sure.values())
    fields = {targets[name].field for name in filled}
    whole = [index for index, name in sure.items() if name in ADDRESSES and share(sample.texts[index], split_address)]
    if PLACE in filled or whole:
        fields |= {"city", "state", "zip"}
    if FULL_NAME in filled:
        fields |= {"firstName", "lastName"}
    for target in targets.values():
        if target.required and target.field not in fields and not target.part:
            yield target.name
