"""`make bench`, small: that all of it works and adds up. How fast it is, no test says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import main


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Any:
    directory = tmp_path_factory.mktemp("bench")
    assert main(["--quick", "--directory", str(directory)]) == 0
    return {"directory": directory, **json.loads((directory / "figures.json").read_text())}


def test_the_page_has_a_section_of_each_benchmark_and_most_have_a_chart(figures: Any) -> None:
    text = (Path(figures["directory"]) / "index.html").read_text()
    assert figures["header"]["date"] in text
    for name in (
        "costs",
        "rooms",
        "posting",
        "starts",
        "sockets",
        "importing",
        "reading",
        "imports",
        "language",
        "storm",
    ):
        assert f'<section id="{name}">' in text
    assert text.count("<svg") == 5


def test_each_viewer_gets_the_same_few_bytes_however_many_there_are(figures: Any) -> None:
    few, more = figures["costs"]["rows"]
    assert few["patchBytes"] / few["viewers"] == more["patchBytes"] / more["viewers"] < 600


def test_a_commit_to_more_members_costs_posts_and_beyond_a_few_hundred_the_queue(figures: Any) -> None:
    few, more = figures["rooms"]["rows"]
    assert (few["posts"], more["posts"]) == (10, 300)
    for name in ("readUnits", "writeUnits"):
        assert few[name] == more[name]
    assert (few["messages"], few["batches"], few["looks"]) == (0, 0, 0)
    assert (more["messages"], more["batches"]) == (16, 2)


def test_whoever_is_cut_off_loses_nothing_with_ours(figures: Any) -> None:
    breaks = figures["sockets"]["breaks"]
    assert breaks["sent"] > 0
    assert breaks["kinds"]["ours"] == {"steady": 0, "cut": 0, "worst": 0, "twice": 0}
    assert breaks["kinds"]["Socket.IO, defaults"]["steady"] == 0
