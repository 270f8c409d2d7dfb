"""The model of a change on AWS follows the functions' own code. How fast it is there, no test says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.aws_model import BENCHMARK, LANES


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Any:
    file: Path = tmp_path_factory.mktemp("aws_model") / "figures.json"
    assert BENCHMARK.run(["--quick", "--json", str(file)]) == 0
    return json.loads(file.read_text())["aws_model"]


def test_the_model_makes_the_calls_that_the_functions_make(result: Any) -> None:
    assert result["calls"] == {
        "authorizer": ["GetItem"],
        # The caller's entry; the record, in whichever of three rooms; the heads of these.
        "crm": ["BatchGetItem of 7", "TransactWriteItems of 3", "Invoke"],
        "fast_lane": ["Query", "3 posts", "PutItem"],
        "fanout beside it": ["BatchGetItem"],
        "fanout": ["Query", "3 posts"],
    }


def test_each_lane_is_modelled_warm_and_cold(result: Any) -> None:
    rows = {(row["lane"], row["cold"]): row for row in result["rows"]}
    assert rows.keys() == {(lane, cold) for lane in LANES for cold in (False, True)}
    for lane in LANES:
        warm, cold = rows[lane, False], rows[lane, True]
        assert warm["answered"]["p50"] < cold["answered"]["p50"]
        assert warm["frame"]["p50"] < cold["frame"]["p50"]
