"""`openhouse cost`."""

from __future__ import annotations

import json
from pathlib import Path

from cli.costs.comparison import Comparison
from cli.costs.counted import Counted
from cli.costs.plot import draw
from cli.costs.prices import Prices
from cli.costs.report import document, lines
from cli.costs.usage import Usage
from deployed.terminal import say


def run(usage: Usage, prices: Path, *, free_tier: bool, as_json: bool, plot: Path | None) -> None:
    """Raises CommandFailed of a file that cannot be read or written."""
    comparison = Comparison(usage, Prices.read(prices), Counted.read(), free_tier=free_tier)
    if plot is not None:
        draw(comparison, plot)
    if as_json:
        say(json.dumps(document(comparison)))
    else:
        say(*lines(comparison))
        if plot is not None:
            say("", f"Drawn: {plot}")
