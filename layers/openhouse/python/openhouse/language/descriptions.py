"""A listing's description from its own facts: `describe_listing`. Pure but for the engine.

What an engine writes is taken sentence by sentence, and only if it says nothing that the record does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openhouse.core.errors import ModelOutputMalformed
from openhouse.language.engine import Asker, Engine, EngineName
from openhouse.language.wording import faults

# Not its notes, which are not meant for buyers, and no description that is there already.
FACTS = (
    "address", "city", "state", "zip", "listPriceCents", "bedrooms", "bathrooms", "squareFeet", "lotSizeSqft",
    "propertyType", "listingType", "hoaFeeCents", "hoaFrequency", "parkingSpaces", "yearBuilt",
)  # fmt: skip


@dataclass(frozen=True)
class RefusedSentence:
    sentence: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Description:
    """`sentences` can be told one after the other, as progress."""

    engine: EngineName
    sentences: tuple[str, ...]
    refused: tuple[RefusedSentence, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(self.sentences)

    def document(self) -> dict[str, Any]:
        refused = [{"sentence": each.sentence, "reasons": list(each.reasons)} for each in self.refused]
        return {"engine": self.engine, "text": self.text, "sentences": list(self.sentences), "refused": refused}


def facts_of(listing: Mapping[str, Any]) -> dict[str, Any]:
    """Of a listing in wire form: what a description may say."""
    known = {name: listing[name] for name in FACTS if listing.get(name) is not None}
    if known.get("hoaFrequency") == "none" or not known.get("hoaFeeCents"):
        known.pop("hoaFrequency", None)
        known.pop("hoaFeeCents", None)
    return known


def describe_listing(engine: Engine, asker: Asker, listing: Mapping[str, Any]) -> Description:
    """Raises LanguageErrors, also if nothing that was written can be used."""
    facts = facts_of(listing)
    kept, refused = [], []
    for sentence in engine.sentences(asker, facts):
        if reasons := faults(sentence, facts):
            refused.append(RefusedSentence(sentence, tuple(reasons)))
        else:
            kept.append(sentence)
    if not kept:
        raise ModelOutputMalformed("no sentence was written that says only what the listing says; try again")
    return Description(engine.name, tuple(kept), tuple(refused))
