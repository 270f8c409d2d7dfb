"""docs/search-vectors.json: how texts are searched, as tables and examples, for clients that do the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic.alias_generators import to_camel

from contractgen.lifecycle import modules_of
from contractgen.schemas import GENERATED
from openhouse.core import folding
from openhouse.crm.search_terms import MOST_WORDS
from openhouse.rooms.entity import Entity

_TEXTS = (
    "",
    "  two   words ",
    "Ángela Núñez",
    "A\u0301ngela Nun\u0303ez",
    "STRASSE Straße",
    "\u0130stanbul \u0131s\u0131",
    "Łódź Sørensen Þór Œuvre",
    "ΟΔΟΣ οδός",
    "O'Brien",
    "O\u2019Brien",
    "D\u02bcAngelo",
    "rock'n'roll",
    "Smith-Jones, Ana & Co.",
    "ESC-2026-001",
    "12 Harbor St.",
    "12 Harbor Street",
    "4500 NW Mt. Hood Blvd, Apt. 5B",
    "+16615550142",
    "+16615550142;ext=12",
    "+442079460958",
    "(661) 555-0142",
    "zoe@example.com",
    "fi\ufb03 ½ m²",
    "王小明 ｶﾀｶﾅ",
    "मुंबई",
    "🏠 home",
    "x" * 50,
)
_PAIRS = (
    ("angela nunez", "Ángela Núñez"),
    ("nun ANG", "Ángela Núñez"),
    ("ngela", "Ángela Núñez"),
    ("angela hart", "Ángela Núñez"),
    ("o brien", "O\u2019Brien"),
    ("brien", "O'Brien"),
    ("o'brien's", "O'Brien"),
    ("12 harbor stre", "12 Harbor St."),
    ("12 harbor st", "12 Harbor Street"),
    ("saint louis", "St. Louis"),
    ("(661) 555-0142", "+16615550142"),
    ("661.555", "+16615550142"),
    ("0142", "+16615550142"),
    ("550142", "+16615550142"),
    ("+44 (0)20 7946 0958", "+442079460958"),
    ("2026 esc", "ESC-2026-001"),
    ("?!", "anything"),
)


def search_vectors(entities: Sequence[Entity]) -> dict[str, Any]:
    return {
        "x-generated": GENERATED,
        "description": (
            "A text's apostrophes go; it is brought into NFKD, small letters, NFKD again; `letters` are replaced; "
            "marks (category M) go; runs of letters and digits (L, N) are its `words`, cut after `longestWord` "
            "characters. It is found by `searched`: a telephone number (E.164) by its groups, all else by its words, "
            "their `twins` and the parts between its apostrophes. A record is found by `q` if each word of `q` begins "
            "one of the first `mostWords` different ones of its fields, in their order. An empty `q` finds everything."
        ),
        "longestWord": folding.LONGEST_WORD,
        "mostWords": MOST_WORDS,
        "apostrophes": folding.APOSTROPHES,
        "letters": folding.LETTERS,
        "twins": folding.TWINS,
        "fields": {module.path: [to_camel(name) for name in module.searched] for module in modules_of(entities)},
        "texts": [
            {"text": text, "words": folding.words(text), "searched": list(dict.fromkeys(folding.searched_words(text)))}
            for text in _TEXTS
        ],
        "pairs": [
            {"q": asked, "text": text, "found": folding.is_found(folding.words(asked), folding.searched_words(text))}
            for asked, text in _PAIRS
        ],
    }
