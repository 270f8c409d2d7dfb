"""Money and percentages of a deal or a listing, by the words beside them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from openhouse.language.engine import Mention
from openhouse.language.rules.nearness import keywords, nearest, phrases
from openhouse.language.source import units
from openhouse.language.written_amounts import BARE_MONEY, MONEY, PERCENT, cents

# `other`: what money may be of that no field holds.
_MONEY = {
    "purchase_price": phrases(
        "(?:purchase|sales?|offer|final|total purchase|contract) price(?: offered)?", "price(?! a(?:ve|v))",
        "consideration", "got it for", "sale of", "they pay", "agreed at", "agree to the sale",
    ),
    "list_price": phrases(
        "(?:new )?list(?:ing)? price", "listed (?:at|for)", "asking(?: price)?", "monthly rent", r"rent(?!\s*:)",
        "listing", r"(?:a|per|/)\s*mo(?:nth)?",
    ),
    "earnest_deposit": phrases(
        "earnest money(?: deposit)?", "initial deposit", "(?:buyer )?deposits?", "emd", "earnest",
    ),
    "loan_amount": phrases(
        "new loan", "loan(?: amount)?", "mortgage of", "financed?",
    ),
    "commission_total": phrases(
        "(?:total )?commission",
    ),
    "agent_commission": phrases(
        "(?:your|my|our|agent'?s?) (?:side|commission|share|split)",
    ),
    "hoa_fee": phrases(
        "hoa(?: (?:dues|fees?))?(?: (?:is|are))?", "(?:monthly )?dues", "association fees?",
    ),
    "other": phrases(
        "down payment", "tax(?:es)?", "credit", "appraisal", "(?:first|initially|originally) offered", "countered",
        "reduced from", "comps?", "sold for", "around", "costs?", "repairs?", "offer of",
    ),
}  # fmt: skip
_PERCENT = {
    "down_payment_percent": phrases(
        "down(?: payment)?",
    ),
    "commission_percent": phrases(
        "(?:total )?commission",
    ),
    "other": phrases(
        "earnest",
        "emd",
        "deposit",
        "loan",
        "ltv",
        "apr",
        "interest",
        "rate",
        "tax",
    ),
}
# What would be, what was not to be, and other houses.
_UNREAL = re.compile(
    r"^\W*if\b|\bif\s+the\b|\bmay\s+renegotiate\b|\bunless\b|\breject|\bdeclin|\bcomps?\b|\bcomparable|\bneighbou?r"
    r"|\bbetween\b.*\band\b.*\$",
    re.IGNORECASE,
)
_LEAST_PRICE = 2_000_000  # cents, of what stands alone


class _Found(NamedTuple):
    mention: Mention
    strength: int  # what keywords say more exactly counts


def find(text: str, *, is_deal: bool) -> Iterator[Mention]:
    """`is_deal`: money that no words are beside is its price; else it is the price that is asked."""
    found: list[_Found] = []
    loose: list[Mention] = []
    for start, end in units(text):
        unit = text[start:end]
        if _UNREAL.search(unit):
            continue
        for each in _money(unit, start):
            if isinstance(each, _Found):
                found.append(each)
            else:
                loose.append(Mention(each[0], each[1], "purchase_price" if is_deal else "list_price"))
        yield from _percentages(unit, start)
    if loose and not any(each.mention.label == loose[0].label for each in found):
        yield loose[0]
    yield from _strongest(found)


def _money(unit: str, base: int) -> Iterator[_Found | tuple[int, int]]:
    known = keywords(unit, _MONEY)
    amounts = [(each.span(), True) for each in MONEY.finditer(unit)]
    taken = [span for span, _ in amounts]
    amounts += [(each.span(), False) for each in BARE_MONEY.finditer(unit) if not _within(each.span(), taken)]
    labelled: set[int] = set()
    for span, sure in sorted(amounts):
        if re.search(r"(?:from|per|#|no\.?|number)\s*$", unit[: span[0]], re.IGNORECASE) or _is_measure(
            unit, span, sure=sure
        ):
            continue
        keyword = nearest(unit, span, known, before=40, after=12)
        if keyword is not None and keyword.start not in labelled:
            labelled.add(keyword.start)
            if keyword.label != "other" and (sure or span[0] - keyword.end <= 25):
                strength = len(unit[keyword.start : keyword.end].split())
                yield _Found(Mention(base + span[0], base + span[1], keyword.label), strength)  # type: ignore[arg-type]
        elif (
            keyword is None
            and (cents(unit[slice(*span)]) or 0) >= _LEAST_PRICE
            and (sure or not _is_digits(unit, span))
        ):
            yield base + span[0], base + span[1]


def _percentages(unit: str, base: int) -> Iterator[Mention]:
    known = keywords(unit, _PERCENT)
    for each in PERCENT.finditer(unit):
        keyword = nearest(unit, each.span(), known, before=25, after=12)
        if keyword and keyword.label != "other":
            yield Mention(base + each.start(), base + each.end(), keyword.label)  # type: ignore[arg-type]


def _strongest(found: list[_Found]) -> Iterator[Mention]:
    """Of each label, those that the most exact words are beside: `purchase price` rather than `price`."""
    for label in dict.fromkeys(each.mention.label for each in found):
        of_label: list[_Found] = [each for each in found if each.mention.label == label]
        most = max(each.strength for each in of_label)
        yield from (each.mention for each in of_label if each.strength == most)


def _within(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in taken)


def _is_measure(unit: str, span: tuple[int, int], *, sure: bool) -> bool:
    after = unit[span[1] : span[1] + 14].lower()
    if sure:
        return False
    return bool(re.match(r"\s*(?:sq|sf\b|square|ac(?:res?)?\b|days?\b|beds?|bd|ba\b|[-/]\d)", after)) or bool(
        re.search(
            r"(?:footage[^.]{0,20}|parcel\s*|file\s*|zip(?:\s*code)?:?\s*|mls\W*)$", unit[: span[0]], re.IGNORECASE
        )
    )


def _is_digits(unit: str, span: tuple[int, int]) -> bool:
    return unit[slice(*span)].isdigit()
