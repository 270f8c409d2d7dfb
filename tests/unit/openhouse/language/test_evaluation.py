"""The evaluation set, and that the embedded engine does not fall below what it was measured to do."""

from __future__ import annotations

from bench.language import BENCHMARK, PARTS, Score, found_in, samples
from openhouse.language.rules.engine import RulesEngine


def test_there_are_sixty_texts_of_each_kind_and_a_third_is_held_out():
    known = samples()
    assert len(known) >= 60
    assert {sample.kind for sample in known} >= {"notes", "emails", "agreements", "hostile"}
    assert len({sample.name for sample in known}) == len(known)
    first = [sample for sample in known if sample.part != "later"]
    assert sum(sample.part == "held out" for sample in first) == len(first) // 3


def test_the_embedded_engine_keeps_its_precision_and_recall():
    scores = {part: Score() for part in PARTS}
    for sample in samples():
        scores[sample.part].add(found_in(RulesEngine(), sample.text), sample.expected)
    for part, (precision, recall) in {"tuned on": (0.99, 0.99), "held out": (0.98, 0.98), "later": (0.98, 0.9)}.items():
        assert scores[part].precision >= precision, part
        assert scores[part].recall >= recall, part


def test_instructions_in_texts_bring_no_value_into_a_proposal():
    for sample in samples():
        if sample.kind == "hostile":
            assert not found_in(RulesEngine(), sample.text) - sample.expected, sample.name


def test_the_benchmark_reports_each_field_of_both_parts():
    half = {"precision": 1.0, "recall": 0.5, "expected": 2, "found": 1}
    scores = {"tuned on": {"escrow.city": half}, "held out": {}, "later": {"all": half}}
    report = BENCHMARK.report({"rules": {"scores": scores, "wrong": [{}], "failed": ["a text: model_busy"]}})
    assert [line.split() for line in report.splitlines() if line.strip().startswith(("escrow.city", "all"))] == [
        ["escrow.city", "100%", "50%", "2"],
        ["all", "100%", "50%", "2"],
    ]
    assert "Engine: rules" in report
    assert "Failed: a text: model_busy" in report
