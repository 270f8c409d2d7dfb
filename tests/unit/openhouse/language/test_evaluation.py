"""The evaluation set, and that the embedded engine does not fall below what it was measured to do."""

from __future__ import annotations

from bench.language import BENCHMARK, Score, found_in, samples
from openhouse.language.rules.engine import RulesEngine


def test_there_are_sixty_texts_of_each_kind_and_a_third_is_held_out():
    known = samples()
    assert len(known) >= 60
    assert {sample.kind for sample in known} >= {"notes", "emails", "agreements", "hostile"}
    assert len({sample.name for sample in known}) == len(known)
    assert sum(sample.held_out for sample in known) == len(known) // 3


def test_the_embedded_engine_keeps_its_precision_and_recall():
    tuned, held_out = Score(), Score()
    for sample in samples():
        (held_out if sample.held_out else tuned).add(found_in(RulesEngine(), sample.text), sample.expected)
    assert min(tuned.precision, tuned.recall) >= 0.98
    assert min(held_out.precision, held_out.recall) >= 0.95


def test_instructions_in_texts_bring_no_value_into_a_proposal():
    for sample in samples():
        if sample.kind == "hostile":
            assert not found_in(RulesEngine(), sample.text) - sample.expected, sample.name


def test_the_benchmark_reports_each_field_of_both_parts():
    report = BENCHMARK.report({"rules": {"scores": {"tuned on": {"escrow.city": {"precision": 1.0, "recall": 0.5, "expected": 2, "found": 1}}, "held out": {}}, "wrong": [], "failed": []}})  # fmt: skip  # noqa: E501
    assert "escrow.city  100%" in " ".join(report.split("\n")) or "escrow.city" in report
    assert "50%" in report
