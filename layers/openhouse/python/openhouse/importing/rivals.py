"""Which of several columns is a field, and which is none of what its header says, by what their values show. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from openhouse.crm.module import Module
from openhouse.importing import vocabularies
from openhouse.importing.cells import one_line
from openhouse.importing.sample import Sample
from openhouse.importing.targets import PRICE, Target


def best_known(indexes: list[int], sample: Sample, target: Target, module: Module) -> list[int]:
    """Of several columns of words the one of which we know every word, if that is one."""
    known = [
        index
        for index in indexes
        if all(vocabularies.meaning(one_line(text), target, module) is not None for text in sample.texts[index])
    ]
    return known if len(known) == 1 else indexes


def are_same(indexes: Sequence[int], sample: Sample) -> bool:
    """Whether columns say the same wherever they say anything."""
    return all(len({row[index].strip() for index in indexes} - {""}) <= 1 for row in sample.rows)


def without_contradictions(winners: Mapping[int, str], sample: Sample) -> Iterator[tuple[int, str]]:
    for index, name in winners.items():
        if name == PRICE and {"listPriceCents", "soldPriceCents"} & {
            winners[one] for one in winners if sample.texts[one]
        }:
            continue  # what is asked, or paid, is there by its own name
        if name == "yearBuilt" and _is_of_dates(index, winners, sample):
            continue  # the year of a sale, or of a list
        yield index, name


def _is_of_dates(index: int, winners: Mapping[int, str], sample: Sample) -> bool:
    """Whether each year is that of a date beside it."""
    dates = [one for one, name in winners.items() if name.endswith("Date")]
    years = [(row[index].strip(), [row[one] for one in dates]) for row in sample.rows if row[index].strip()]
    return bool(years) and all(any(year in text for text in texts) for year, texts in years)
