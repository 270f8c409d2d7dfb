"""The dashboard as data: what it asks, of what, and the little metric math behind it."""

from __future__ import annotations

import pytest

from deployed.board.math import value_of
from deployed.board.sections import sections
from deployed.board.series import Own
from openhouse.core.metrics import Metric

PRICES = dict.fromkeys(("socket messages", "http requests", "write units", "read units", "function calls"), 0.000001)
SHOWN = sections(PRICES)


def test_every_metric_that_is_told_is_shown():
    lines = [line for section in SHOWN for widget in section.widgets for line in widget.lines]
    own = {source.metric for line in lines for source in line.sources if isinstance(source, Own)}
    assert own == {*Metric}


def test_every_line_of_several_sources_says_how_they_are_reckoned():
    for section in SHOWN:
        for widget in section.widgets:
            for line in widget.lines:
                assert line.expression or len(line.sources) == 1, line.label
                if line.expression:
                    value_of(line.expression, dict.fromkeys(line.named, 1.0))  # which knows all the names


@pytest.mark.parametrize(
    ("expression", "values", "value"),
    [
        ("a / 1000", {"a": 500.0}, 0.5),
        ("a / b", {"a": 1.0, "b": 0.0}, None),
        ("a / b", {"a": 1.0, "b": None}, None),
        ("FILL(a, 0) + FILL(b, 0)", {"a": None, "b": 2.0}, 2.0),
        ("IF(a > 0 AND FILL(b, 0) == 0, 1, 0)", {"a": 3.0, "b": None}, 1.0),
        ("IF(a > 0 AND FILL(b, 0) == 0, 1, 0)", {"a": 3.0, "b": 1.0}, 0.0),
        ("IF(a > 0 AND FILL(b, 0) == 0, 1, 0)", {"a": None, "b": 1.0}, None),
        ("IF(a > 2 OR b > 2, a * 2, b - 1)", {"a": 1.0, "b": 2.0}, 1.0),
    ],
)
def test_metric_math_reckons_as_cloudwatch_does(expression: str, values: dict[str, float | None], value: float | None):
    assert value_of(expression, values) == value


def test_what_is_not_used_here_is_refused():
    with pytest.raises(NotImplementedError):
        value_of("ANOMALY_DETECTION_BAND(a)", {"a": 1.0})
