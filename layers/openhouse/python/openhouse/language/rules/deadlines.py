"""Dates and terms of a deal, and appointments, by the words beside them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openhouse.language.engine import Mention
from openhouse.language.labels import DateLabel
from openhouse.language.rules.nearness import Keyword, keywords, nearest, phrases
from openhouse.language.source import units
from openhouse.language.written_dates import DATE, SHORT_DATE, TERM, TIME

_KEYWORDS: dict[str, re.Pattern[str]] = {
    "acceptance": phrases(
        "(?:was )?accepted", "(?:(?:mutual|final|contract) )?acceptance(?: date)?",
        "effective date(?: of acceptance)?", "ratified",
    ),
    "opened": phrases(
        "(?:have )?opened escrow", "escrow (?:was |is )?opened", "opening date",
    ),
    "close_of_escrow": phrases(
        r"close of escrow(?:\s*\(coe\))?(?: is extended)?", "coe", "(?:estimated )?closing(?: date)?",
        "(?:escrow )?(?:shall |will |to |we )?closes?(?: escrow)?", "set to close", "settlement(?: date)?", "cierre",
    ),
    "closed": phrases(
        "(?:sold and )?closed(?: on)?", "actual close",
    ),
    "initial_deposit": phrases(
        "(?:initial |earnest money )?deposit", "earnest money(?: deposit)?", "emd",
    ),
    "inspection_contingency": phrases(
        "inspection contingency(?: (?:removal|date|period))?", "investigation(?: of property)?", "inspection period",
        "due diligence(?: period)?(?: (?:ends|expires))?",
        "physical inspection contingency",
    ),
    "appraisal_contingency": phrases(
        "appraisal contingency(?: (?:removal|date))?", r"appraisal\s*:(?=\s*\d)",
    ),
    "loan_contingency": phrases(
        "(?:loan|financing) contingency(?: (?:removal|date))?", r"loan\s*:(?=\s*\d)",
    ),
    "contingency_removal": phrases(
        "(?:remove )?(?:all )?contingenc(?:ies|y)(?: (?:removal|(?:must|to) be removed))?",
    ),
    "title_review": phrases(
        "preliminary (?:title )?report(?: review)?", "title review",
    ),
    "seller_disclosures": phrases(
        "(?:all )?(?:seller'?s? )?disclosures", "tds",
    ),
    "hoa_documents": phrases(
        "hoa doc(?:ument)?s",
    ),
    "final_walkthrough": phrases(
        "(?:final )?walk[- ]?through(?: the property)?", "final verification",
    ),
    "possession": phrases(
        "possession",
    ),
    "offer_expiration": phrases(
        "offer (?:expires|expiration)", "expiration of (?:the )?offer",
    ),
    "inspection": phrases(
        "(?:home )?inspections?",
    ),
    "appraisal": phrases(
        "appraisal",
    ),
    "signing": phrases(
        "signing",
    ),
    "showing": phrases(
        "showing",
    ),
    "open_house": phrases(
        "open house",
    ),
    "list_date": phrases(
        "listed on", "list(?:ing)? date", "going live", "goes? live",
    ),
    "other": phrases(
        "prepared", "rpa signed", r"\w+ contingency removed", "signed", "available", "born", "dated",
        r"expir\w+", "possible", "sold",
    ),
}  # fmt: skip
_WHEN = re.compile(
    rf"(?P<term>(?:within\s+|no\s+later\s+than\s+)?{TERM})|(?P<date>(?:{TIME}\s+on\s+)?(?:{DATE})(?:[\s,]*(?:at|@|by|from)?\s*{TIME})?)"
    rf"|(?P<short>{SHORT_DATE})",
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
        when = [*_WHEN.finditer(unit)]
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
    if each["short"]:
        keyword = nearest(unit, each.span(), known, before=14, after=0)
    else:
        keyword = nearest(unit, each.span(), known, before=110, after=75 if each["term"] else 30)
    if keyword is None or keyword.label == "other":
        return None
    return keyword.label  # type: ignore[return-value]


def _without_general(known: list[Keyword]) -> list[Keyword]:
    """Where a sentence is about a certain contingency, the other words for it do not count."""
    labels = {each.label for each in known}
    return [each for each in known if _GENERAL.get(each.label) not in labels]
