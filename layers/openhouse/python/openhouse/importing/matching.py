"""Which fields a header may mean, by itself: what it says exactly, what it says beside a group, and what is alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz, process

from openhouse.crm.module import Module
from openhouse.importing import beside, synonyms
from openhouse.importing.header_words import Header, alternatives, header_of, phrase_of
from openhouse.importing.targets import COUNTS, NAME_PARTS, NUMBERS, STREET_PARTS, Target, targets_of

_ALIKE = 86  # of rapidfuzz's 100
_SHORTEST_ALIKE = 4  # letters
_GATHERED = frozenset({"phone", "email", "phone.label", "email.label"})
_GROUP_WORDS = frozenset().union(*beside.PLACES, beside.LABELS) - {""}


@dataclass(frozen=True)
class Claim:
    """`tier`: a lower one counts first. `group`: of addresses, whose it is. `label`: of a number or e-mail address."""

    target: str
    tier: int = 0
    sure: bool = True
    group: int = 0
    label: str = ""
    order: tuple[int, int] = (0, 0)


def claims_of(text: str, module: Module) -> tuple[Claim, ...]:
    """Best first. A header that is known to have no field here makes none."""
    header = header_of(text)
    if not header.words:
        return ()
    if second := _second_line(header, module):
        return second
    for variant in _variants(header, module):
        if found := _of(variant, header, module):
            return tuple(_beside_number(claim, header) for claim in found)
    if counted := _counted(header, module):
        return counted
    if has_no_field(header):
        return ()
    return _same_of_several(text, module) or _grouped(header, module) or tuple(_alike(header, module))


def _of(variant: Header, header: Header, module: Module) -> list[Claim]:
    """What a variant claims; without the unit in which numbers are, only what is a number."""
    found = _phrases(module).get(variant.phrase, ())
    has_unit = (
        len(variant.without_unit.words) == len(variant.words) < len(header.words) and header != header.without_unit
    )
    targets = targets_of(module)
    return [claim for claim in found if not has_unit or targets[claim.target].kind in NUMBERS]


def _counted(header: Header, module: Module) -> tuple[Claim, ...]:
    """`#Beds`, `Number of Garages`: what is a number without saying so."""
    if header.words[0] != "number" or len(header.words) < 2:
        return ()
    found = _phrases(module).get(replace(header, words=header.words[1:]).phrase, ())
    targets = targets_of(module)
    return tuple(claim for claim in found if targets[claim.target].kind in COUNTS)


def _same_of_several(text: str, module: Module) -> tuple[Claim, ...]:
    """`Tags/Groups`: what all of several names mean."""
    found = [claims_of(part, module)[:1] for part in alternatives(text)]
    targets = {claim.target for one in found for claim in one if claim.sure}
    return found[0] if len(targets) == 1 and all(found) and found[0][0].sure else ()


def has_no_field(header: Header) -> bool:
    return header.phrase in _no_field() or not beside.NO_FIELD_WORDS.isdisjoint(header.words)


def _variants(header: Header, module: Module) -> Iterator[Header]:
    yield header
    yield header.without_unit
    if header.without_weak_words.words and header.phrase not in _no_field():
        yield header.without_weak_words
        yield header.without_weak_words.without_unit
    if header.words[0] in beside.STRUCTURAL:
        yield replace(header, words=header.words[1:])
        yield replace(header, words=header.words[1:]).without_weak_words
    plain = header.without(*beside.OF_MODULE.get(module.path, {module.noun}))
    if plain.words and plain != header and not has_no_field(header):
        yield plain
        yield plain.without_unit


def _second_line(header: Header, module: Module) -> tuple[Claim, ...]:
    """`Address 2` and `Home Street 2` are where a unit stands."""
    if not header.numbered_at_end or (header.number or 0) < 2:
        return ()
    plain = header.without(*_GROUP_WORDS)
    unit = next((name for name in targets_of(module) if name.endswith(".unit") and "ddress" in name), None)
    if plain.phrase not in {phrase_of(line) for line in beside.SECOND_LINES} or unit is None:
        return ()
    return (Claim(unit, group=_group(header), sure=header.number == 2),)


def _grouped(header: Header, module: Module) -> tuple[Claim, ...]:
    """`Business City`, `Work Phone 2`: what it is once it is known whose."""
    plain = header.without(*_GROUP_WORDS)
    if plain == header or not plain.words:
        return ()
    found = _phrases(module).get(plain.phrase) or _phrases(module).get(plain.without_unit.phrase) or ()
    kept = [claim for claim in found if claim.target in beside.GROUPED | _GATHERED]
    return tuple(_beside_number(replace(claim, group=_group(header)), header) for claim in kept)


def _group(header: Header) -> int:
    words = set(header.words)
    named = [rank for rank, group in enumerate(beside.PLACES) if words & group]
    if (header.number or 1) > 1 and not header.numbered_at_end:
        return len(beside.PLACES)
    return named[0] if named else 0


def _beside_number(claim: Claim, header: Header) -> Claim:
    """What the number and the words beside its own say of a claim."""
    number = header.number or 1
    if claim.target in _GATHERED:
        words = set(header.words)
        main = next((rank for rank, group in enumerate(beside.MAIN_FIRST) if words & group), 2)
        label = next((label for word, label in beside.LABELS.items() if word in words and word != "main"), "")
        return replace(claim, label=label, order=(main, number))
    if claim.target in beside.GROUPED and not claim.group:
        return replace(claim, group=_group(header))
    return replace(claim, tier=claim.tier + 10 * (number > 1))


def _alike(header: Header, module: Module) -> Iterator[Claim]:
    """Only ever suggested."""
    spoken = " ".join(header.words)
    if len(spoken) < _SHORTEST_ALIKE:
        return
    table = _phrases(module)
    seen: set[str] = set()
    for phrase, _, _ in process.extract(
        spoken, list(table), scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE, limit=3
    ):
        for claim in table[phrase]:
            if claim.target not in seen:
                seen.add(claim.target)
                yield replace(claim, sure=False)


@cache
def _phrases(module: Module) -> Mapping[str, tuple[Claim, ...]]:
    """What each phrase claims in a module: its own fields' names, and what others call them."""
    found: defaultdict[str, dict[str, Claim]] = defaultdict(dict)
    for target in targets_of(module).values():
        if not target.automatic:
            continue
        for phrase, tier, sure in _listed(target, module):
            claims = found[phrase]
            if target.name not in claims or (tier, not sure) < (claims[target.name].tier, not claims[target.name].sure):
                claims[target.name] = Claim(target.name, tier, sure)
    return {phrase: _best(claims.values()) for phrase, claims in found.items()}


def _best(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(sorted(claims, key=lambda claim: (not claim.sure, claim.tier)))


def _listed(target: Target, module: Module) -> Iterator[tuple[str, int, bool]]:
    """Phrases with their tier, and whether they say it surely."""
    if not target.part and not _entry(target, module):
        own = header_of(target.name)
        yield own.phrase, 0, True
        yield own.without("cents", "percent", "date").phrase if len(own.words) > 1 else own.phrase, 9, True
        yield own.without("cents").phrase, 0, True
    certain, _, perhaps = _entry(target, module).partition("?")
    for tier, phrases in enumerate(certain.split("|")):
        yield from ((phrase_of(phrase), tier, True) for phrase in phrases.split(";") if phrase.strip())
    yield from ((phrase_of(phrase), 5, False) for phrase in perhaps.split(";") if phrase.strip())


def _entry(target: Target, module: Module) -> str:
    if target.part in STREET_PARTS and target.field.lower().endswith("address"):
        return synonyms.STREET[target.part]
    if target.part in NAME_PARTS:
        return f"{target.field.removesuffix('Name')} {target.part} name"
    tables = [synonyms.BY_MODULE.get(module.path, {}), synonyms.COMMON, *synonyms.BY_MODULE.values()]
    return next((table[target.name] for table in tables if target.name in table), "")


@cache
def _no_field() -> frozenset[str]:
    return frozenset(phrase_of(phrase) for phrase in beside.NO_FIELD.split(";"))
