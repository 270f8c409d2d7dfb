"""The benchmark asks a model if one is named. The stand-in is none: what is seen is that its answers are scored."""

from __future__ import annotations

import pytest

from bench.language import BENCHMARK
from deployed.terminal import Steps
from tests.functional.language.conftest import MODEL
from tests.functional.language.converse_server import ConverseServer, Told


def test_a_model_is_scored_beside_the_rules_and_what_failed_is_told(
    server: ConverseServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("BEDROCK_MODEL_ID", MODEL)
    monkeypatch.setenv("BEDROCK_REGION", "us-west-2")
    server.told = [Told(error="ThrottlingException"), Told(document={"mentions": []})]

    result = BENCHMARK.measure(True, Steps())

    assert result.keys() == {"rules", "bedrock"}
    assert result["bedrock"]["failed"] == ["terms in a table: model_busy"]
    assert (
        result["bedrock"]["scores"]["tuned on"]["all"]["recall"]
        < result["rules"]["scores"]["tuned on"]["all"]["recall"]
    )
    assert "Engine: bedrock" in BENCHMARK.report(result)


def test_without_a_model_the_rules_are_scored_alone():
    assert BENCHMARK.measure(True, Steps()).keys() == {"rules"}
