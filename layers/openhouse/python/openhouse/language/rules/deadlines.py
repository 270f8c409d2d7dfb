"""Dates and terms of a deal, and appointments, by the words beside them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openhouse.language.engine import Mention
from openhouse.language.labels import DateLabel
from openhouse.language.rules.nearness import Keyword, keywords, nearest
from openhouse.language.source import units
from openhouse.language.written_dates import DATE, TERM, TIME


def _form(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_KEYWORDS: dict[str, re.Pattern[str]] = {
    "acceptance": _form(r"\b(?:was\s+)?accepted\b|\b(?:mutual|final|contract)?\s*acceptance(?:\s+date)?\b|\beffective\s+date(?:\s+of\s+acceptance)?\b|\bratified\b"),
    "opened": _form(r"\b(?:have\s+)?opened\s+escrow\b|\bescrow\s+(?:was\s+|is\s+)?opened\b|\bopening\s+date\b"),
    "close_of_escrow": _form(r"\bclose\s+of\s+escrow(?:\s*\(coe\))?(?:\s+is\s+extended)?\b|\bcoe\b|\b(?:estimated\s+)?closing(?:\s+date)?\b|\b(?:escrow\s+)?(?:shall\s+|will\s+|to\s+|we\s+)?closes?\b(?:\s+escrow)?|\bset\s+to\s+close\b"),
    "closed": _form(r"\b(?:sold\s+and\s+)?closed(?:\s+on)?\b|\bactual\s+close\b"),
    "initial_deposit": _form(r"\b(?:initial\s+|earnest\s+money\s+)?deposit\b|\bearnest\s+money(?:\s+deposit)?\b|\bemd\b"),
    "inspection_contingency": _form(r"\binspection\s+contingency(?:\s+(?:removal|date|period))?\b|\binvestigation(?:\s+of\s+property)?\b|\binspection\s+period\b|\bphysical\s+inspection\s+contingency\b"),
    "appraisal_contingency": _form(r"\bappraisal\s+contingency(?:\s+(?:removal|date))?\b|\bappraisal\s*:(?=\s*\d)"),
    "loan_contingency": _form(r"\b(?:loan|financing)\s+contingency(?:\s+(?:removal|date))?\b|\bloan\s*:(?=\s*\d)"),
    "contingency_removal": _form(r"\b(?:remove\s+)?(?:all\s+)?contingenc(?:ies|y)(?:\s+(?:removal|(?:must|to)\s+be\s+removed))?\b"),
    "title_review": _form(r"\bpreliminary\s+(?:title\s+)?report(?:\s+review)?\b|\btitle\s+review\b"),
    "seller_disclosures": _form(r"\b(?:all\s+)?(?:seller'?s?\s+)?disclosures\b|\btds\b"),
    "hoa_documents": _form(r"\bhoa\s+doc(?:ument)?s\b"),
    "final_walkthrough": _form(r"\b(?:final\s+)?walk[- ]?through(?:\s+the\s+property)?\b|\bfinal\s+verification\b"),
    "possession": _form(r"\bpossession\b"),
    "offer_expiration": _form(r"\boffer\s+(?:expires|expiration)\b|\bexpiration\s+of\s+(?:the\s+)?offer\b"),
    "inspection": _form(r"\b(?:home\s+)?inspections?\b"),
    "appraisal": _form(r"\bappraisal\b"),
    "signing": _form(r"\bsigning\b"),
    "showing": _form(r"\bshowing\b"),
    "open_house": _form(r"\bopen\s+house\b"),
    "list_date": _form(r"\blisted\s+on\b|\blist(?:ing)?\s+date\b|\bgoing\s+live\b|\bgoes?\s+live\b"),
    "other": _form(r"\bprepared\b|\brpa\s+signed\b|\bsigned\b|\bavailable\b|\bborn\b|\bdated\b|\bexpir\w+\b|\bpossible\b|\bsold\b"),
}  # fmt: skip
_WHEN = re.compile(
    rf"(?P<term>(?:within\s+|no\s+later\s+than\s+)?{TERM})|(?P<date>(?:{TIME}\s+on\s+)?(?:{DATE})(?:[\s,]*(?:at|@|by|from)?\s*{TIME})?)",
    re.IGNORECASE,
)
# `moved from December 3 to December 7`: the first is over.
_REPLACED = re.compile(r"\bfrom\s*$", re.IGNORECASE)
_REPLACING = re.compile(r"^\s*(?:to|until)\s", re.IGNORECASE)
_GENERAL = {
    "inspection": "inspection_contingency", "appraisal": "appraisal_contingency",
    "contingency_removal": "inspection_contingency",
}  # fmt: skip


def find(text: str) -> Iterator[Mention]:
    for start, end in units(text):
        unit = text[start:end]
        when = [each for each in _WHEN.finditer(unit)]
        known = _without_general(keywords(unit, _KEYWORDS, [each.span("term") for each in when if each["term"]]))
        for index, each in enumerate(when):
            if each["date"] and _REPLACED.search(unit[: each.start()]) and _REPLACING.match(unit[each.end() :]):
                continue
            label = _label(unit, when, index, known)
            if label is not None:
                yield Mention(start + each.start(), start + each.end(), label)


def _label(unit: str, when: list[re.Match[str]], index: int, known: list[Keyword]) -> DateLabel | None:
    each = when[index]
    before = when[index - 1] if index else None
    # `45 days from acceptance (11/25/26)`
    if each["date"] and before and before["term"] and re.fullmatch(r"\s*\(?\s*", unit[before.end() : each.start()]):
        return "acceptance" if re.search(r"accept", before["term"], re.IGNORECASE) else None
    keyword = nearest(unit, each.span(), known, before=110, after=75 if each["term"] else 30)
    if keyword is None or keyword.label == "other":
        return None
    return keyword.label  # type: ignore[return-value]


def _without_general(known: list[Keyword]) -> list[Keyword]:
    """Where a sentence is about a certain contingency, the other words for it do not count."""
    labels = {each.label for each in known}
    return [each for each in known if _GENERAL.get(each.label) not in labels]
