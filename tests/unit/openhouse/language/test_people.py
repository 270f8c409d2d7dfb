from __future__ import annotations

import pytest

from openhouse.language.people import names

NAMES: dict[str, list[tuple[str | None, str | None, str | None]]] = {
    "Ana Ruiz": [("Ana", "Ruiz", None)],
    "Bill and Joan Archer": [("Bill", "Archer", None), ("Joan", "Archer", None)],
    "Paul Novak & Irene Novak": [("Paul", "Novak", None), ("Irene", "Novak", None)],
    "María José Hernández-López and Luis Peña": [("María José", "Hernández-López", None), ("Luis", "Peña", None)],
    "Guadalupe Ramirez Ortiz": [("Guadalupe", "Ramirez Ortiz", None)],
    "Juan de la Cruz": [("Juan", "de la Cruz", None)],
    "John A. Smith Jr.": [("John A.", "Smith Jr.", None)],
    "Bayline Holdings LLC": [(None, None, "Bayline Holdings LLC")],
    "Summit Ridge Capital, Inc.": [(None, None, "Summit Ridge Capital, Inc.")],
    "The Okafor Family Trust": [(None, None, "The Okafor Family Trust")],
    "closing": [],
    "12 Main St": [],
}


@pytest.mark.parametrize("text", NAMES)
def test_names_are_taken_apart(text: str):
    assert [(each.first, each.last, each.company) for each in names(text)] == NAMES[text]


def test_each_name_says_where_it_stands():
    text = "Bill and Joan Archer"
    bill, joan = names(text)
    assert (text[bill.start : bill.end], text[bill.last_start :]) == ("Bill", "Archer")
    assert text[joan.start : joan.end] == "Joan Archer"
