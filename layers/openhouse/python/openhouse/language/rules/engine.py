"""The embedded engine: patterns point at words, and sentences are put together from facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from openhouse.language.engine import Asker, EngineName, Mention
from openhouse.language.labels import Label
from openhouse.language.rules import addresses, deadlines, describing, features, parties, prices, regions


class RulesEngine:
    name: EngineName = "rules"

    def mentions(self, asker: Asker, text: str, labels: Collection[Label]) -> Sequence[Mention]:  # noqa: ARG002 - rules cost nobody anything
        shown = regions.about_the_deal(text)
        deal = features.transaction(shown)
        people, dates = [*parties.find(shown)], [*deadlines.find(shown)]
        is_deal = deal is not None or any(
            each.label in ("buyer", "close_of_escrow", "acceptance") for each in (*people, *dates)
        )
        found = [
            *people,
            *dates,
            *addresses.find(shown),
            *prices.find(shown, is_deal=is_deal),
            *features.find(shown),
            *([deal] if deal else []),
        ]
        return sorted(each for each in set(found) if each.label in labels)

    def sentences(self, asker: Asker, facts: Mapping[str, Any]) -> Sequence[str]:  # noqa: ARG002
        return describing.sentences(facts)
