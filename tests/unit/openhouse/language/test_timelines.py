from __future__ import annotations

from openhouse.language.rules.engine import RulesEngine
from openhouse.language.timelines import Timeline, escrow_timeline
from tests.unit.openhouse.language.asking import ASKER, TODAY


def timeline(text: str) -> Timeline:
    return escrow_timeline(RulesEngine(), ASKER, text, today=TODAY)


def test_a_date_shows_its_words_its_sentence_and_what_it_was_counted_by():
    text = (
        "Terms. Accepted on November 24, 2026. Buyer delivers the deposit within 3 business days after acceptance. Bye."
    )
    acceptance, deposit = timeline(text).dates

    assert (acceptance.label, acceptance.day.isoformat(), acceptance.counted) == ("acceptance", "2026-11-24", None)
    assert (deposit.title, deposit.day.isoformat()) == ("Deposit due", "2026-11-30")
    assert deposit.counted == "3 business days after acceptance"
    assert text[deposit.span.start : deposit.span.end] == "within 3 business days after acceptance"
    assert text[deposit.sentence.start : deposit.sentence.end] == (
        "Buyer delivers the deposit within 3 business days after acceptance."
    )
    assert deposit.anchor == acceptance.span


def test_a_term_may_count_from_a_date_that_was_counted():
    text = (
        "Accepted December 1, 2026.\nClose of escrow: 30 days after acceptance.\n"
        "Final walk-through: 5 days before close of escrow."
    )
    found = {each.label: each.day.isoformat() for each in timeline(text).dates}
    assert found == {"acceptance": "2026-12-01", "close_of_escrow": "2026-12-31", "final_walkthrough": "2026-12-26"}


def test_a_term_without_a_date_to_count_from_is_told_and_not_guessed():
    found = timeline("Close of escrow: 30 days after acceptance.")
    assert found.dates == ()
    assert [(each.label, each.reason) for each in found.unresolved] == [
        ("close_of_escrow", "the text has no date of acceptance")
    ]


def test_two_dates_to_count_from_are_no_date():
    text = "Accepted December 1, 2026. Accepted December 2, 2026. Close of escrow: 30 days after acceptance."
    assert [each.reason for each in timeline(text).unresolved] == ["the text has more than one date of acceptance"]


def test_terms_that_count_from_each_other_end():
    text = "Close of escrow: 5 days after opening of escrow.\nOpening date: 5 days before close of escrow."
    assert len(timeline(text).unresolved) == 2


def test_a_day_on_which_nobody_works_is_noted():
    notes = {
        each.day.isoformat(): each.notes
        for each in timeline("Close of escrow: December 25, 2026. Possession: January 2, 2027.").dates
    }
    assert notes == {"2026-12-25": ("It is a federal holiday.",), "2027-01-02": ("It is a Saturday.",)}


def test_a_year_that_was_assumed_is_noted_also_for_what_was_counted_from_it():
    notes = [each.notes for each in timeline("Accepted December 1. Close of escrow: 30 days after acceptance.").dates]
    assert notes == [("The text names no year; the one next to today is meant.",)] * 2


def test_the_result_says_that_it_is_no_legal_advice_and_by_which_engine():
    document = timeline("Close of escrow: May 3, 2027").document()
    assert "no legal advice" in document["notice"]
    assert document["engine"] == "rules"
    assert document["dates"][0]["day"] == "2027-05-03"
    assert document["dates"][0]["span"] == {"start": 17, "end": 28}
