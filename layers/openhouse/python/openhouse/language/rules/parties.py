"""Buyers, sellers and clients in a text, and how they are reached. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openhouse.language import people
from openhouse.language.engine import Mention
from openhouse.language.labels import Party

_ROLES: dict[str, Party] = {
    "buyer": "buyer", "purchaser": "buyer", "b": "buyer", "tenant": "buyer", "seller": "seller", "vendor": "seller",
    "s": "seller", "landlord": "seller", "lessor": "seller", "transferee": "buyer", "transferor": "seller",
    "comprador": "buyer", "compradora": "buyer", "vendedor": "seller", "vendedora": "seller",
}  # fmt: skip
_ROLE = re.compile(
    r"\b(?P<role>buyer|purchaser|transferee|tenant|seller|vendor|transferor|landlord|lessor|compradora?|vendedora?)(?:s\b|\(s\)|\b)(?!['\u2019]s|['\u2019])(?:\s*\d)?(?:\s+names?(?=\s*:))?"
    r"(?P<link>\s*[:=-]\s*|\s*,\s*|\s+(?:is|are|was|named)\s+|\s+)|(?<![\w.])(?P<letter>[BS])\s*:\s*",
    re.IGNORECASE,
)
_DEFINED = re.compile(
    r"\((?:\s*hereinafter)?\s*(?:the\s+|collectively\s+)?[\"\u201c\u201d']*(?P<role>buyer|purchaser|seller|vendor)s?[\"\u201c\u201d']*\s*\)",
    re.IGNORECASE,
)
_CLIENT = re.compile(
    r"\b(?:(?:add|new|create)\s+(?:a\s+)?(?:new\s+)?(?:client|contact|lead)\s*[:,-]?|my\s+name\s+is|this\s+is|i\s+am|clients?\s*[:=]"
    r"|(?:spoke|talked|met)\s+(?:with|w/|to)|mi\s+cliente)\s*(?=[A-Z\u00c0-\u00de])",
    re.IGNORECASE,
)
_ESCROW_FOR = re.compile(r"\bescrow\s+for\s+(?=[A-Z\u00c0-\u00de])", re.IGNORECASE)
_PAYS = re.compile(r"\b(?:pay|buy|purchas|down|loan)", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W\d_][\w.'\u2019\u2010-]*")
_JOINT = re.compile(r"\s*(?:,?\s+and\s+|\s*&\s*|,\s+(?=(?:inc|llc|lp|jr|sr)\b)|\s+)", re.IGNORECASE)
_PARTICLES = frozenset({
    "de", "la", "del", "las", "los", "van", "von", "der", "den", "da", "dos", "di", "du", "el", "al", "y", "e", "of",
    "the",
})  # fmt: skip
# Words that stand beside names and are none.
_STOPS = frozenset({
    "buyer", "buyers", "seller", "sellers", "price", "purchase", "closing", "close", "closes", "coe", "escrow",
    "phone", "email", "cell", "agent", "loan", "property", "address", "is", "are", "was", "will", "shall", "has",
    "have", "at", "on", "in", "for", "to", "from", "with", "lender", "title", "listing", "offer", "deposit",
    "earnest", "date", "signed", "not", "no", "yet", "first", "countered", "agreed", "agrees", "and", "their", "its",
    "this", "that",
})  # fmt: skip
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w$.-])(?:\+?1[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[ .-]\d{4}(?!\d)")
_AGENT = re.compile(r"\bagent|\brealt|\bofficer|\bbroker|\blender\b|\bcall\s+me\b|\bmls\b", re.IGNORECASE)
_BUYS = re.compile(
    r"\b(?:looking\s+(?:to\s+buy|for\s+a)|wants?\s+to\s+(?:buy|rent)|(?:like|hop\w+)\s+to\s+buy|interested\s+in\s+buying|thinking\s+(?:of|about)\s+buying|\(buying\)|\bcompra\b)",
    re.IGNORECASE,
)
_SELLS = re.compile(
    r"\b(?:wants?\s+to\s+(?:sell|list)|(?:like|hop\w+)\s+to\s+(?:sell|list)|thinking\s+(?:of|about)\s+selling|\(selling\)|\bvende\b)",
    re.IGNORECASE,
)


def find(text: str) -> Iterator[Mention]:
    found: dict[Party, Mention] = {}
    for mention in sorted([*_defined(text), *_named(text), *_clients(text)]):
        found.setdefault(mention.label, mention)  # type: ignore[arg-type]
    parties = sorted(found.values())
    yield from parties
    if parties:
        yield from _contacts(text, parties)
    if "client" in found:
        if wish := _BUYS.search(text):
            yield Mention(*wish.span(), "wants_to_buy")
        if wish := _SELLS.search(text):
            yield Mention(*wish.span(), "wants_to_sell")


def _named(text: str) -> Iterator[Mention]:
    for role in _ROLE.finditer(text):
        label = _ROLES[(role["role"] or role["letter"]).lower()]
        loose = not (role["link"] or ":").strip()  # `buyer Ana Ruiz`, but not `Buyer shall`
        start = role.end() + 4 * text.startswith("the ", role.end())
        if (end := _names_end(text, start, loose=loose)) is not None:
            yield Mention(start, end, label)
    for words in _ESCROW_FOR.finditer(text):
        end = _names_end(text, words.end(), loose=True)
        if end is not None and _PAYS.search(text):
            yield Mention(words.end(), end, "buyer")


def _defined(text: str) -> Iterator[Mention]:
    """`Natalie Brooks and Simon Brooks ("Buyer")`: back from the parenthesis as far as names go."""
    for role in _DEFINED.finditer(text):
        before = text[max(0, role.start() - 120) : role.start()].rstrip()
        base = role.start() - len(text[max(0, role.start() - 120) : role.start()])
        start = next(
            (
                token.start()
                for token in _TOKEN.finditer(before)
                if token.group()[0].isupper() and _names_end(before, token.start(), loose=False) == len(before)
            ),
            None,
        )
        if start is not None:
            yield Mention(base + start, base + len(before), _ROLES[role["role"].lower()])


def _clients(text: str) -> Iterator[Mention]:
    for start in _CLIENT.finditer(text):
        if (end := _names_end(text, start.end(), loose=True)) is not None:
            yield Mention(start.end(), end, "client")


def _names_end(text: str, start: int, *, loose: bool) -> int | None:
    """Where names that begin at `start` end; None if none do. People have two names at least."""
    place = start
    tokens: list[str] = []
    end = start
    while token := _TOKEN.match(text, place):
        word = token.group()
        shown = word.rstrip(".") if not re.fullmatch(r"(?:[^\W\d_]\.)+|(?:Jr|Sr|Inc|Dr|St)\.", word) else word
        if not _is_of_a_name(text, token.start() + len(shown), shown, tokens, loose=loose):
            break
        tokens.append(shown)
        if shown.casefold() not in _PARTICLES:
            end = token.start() + len(shown)
        if shown != word:
            break
        joint = _JOINT.match(text, token.end())
        if not joint or ("\n" in joint.group() and not joint.group().strip(" ,\n")):
            break
        if joint.group().strip(" ,\n"):
            tokens.append("&")
        place = joint.end()
    name = text[start:end]
    words = [word for word in tokens if word != "&" and word.casefold() not in _PARTICLES]
    if len(words) < 2 or not people.is_name(re.sub(r"\s*(?:&|\band\b)\s*", " ", name)):
        return None
    if text[end : end + 1] == "'":
        return None
    return end


def _is_of_a_name(text: str, end: int, word: str, before: list[str], *, loose: bool) -> bool:
    folded = word.casefold().strip("'.")
    if folded in _STOPS and not (folded == "and" and before):
        # April Close is somebody, if nothing else follows.
        alone = len(before) == 1 and word.istitle() and (text[end : end + 1] or "\n") in ".,;\n"
        return alone and not text.isupper()
    if folded in _PARTICLES:
        return bool(before) or folded == "the"
    return word[0].isupper() and (bool(before) or not loose or folded not in _STOPS)


def _contacts(text: str, parties: list[Mention]) -> Iterator[Mention]:
    """Addresses and numbers that belong to one of these people, and not to an agent."""
    seen: set[tuple[str, int]] = set()
    for label, form in (("client_email", _EMAIL), ("client_phone", _PHONE)):
        for found in form.finditer(text):
            line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
            near = [index for index, party in enumerate(parties) if party.start < found.start()]
            owner = near[-1] if near else 0
            between = text[parties[owner].end : found.start()] if near else line
            if _AGENT.search(line) or _AGENT.search(between) or len(between) > 700 or (label, owner) in seen:
                continue
            seen.add((label, owner))
            yield Mention(*found.span(), label)  # type: ignore[arg-type]
