"""`openhouse dashboard`."""

from __future__ import annotations

from pathlib import Path

from cli.board.drawing import picture
from cli.board.page import page
from cli.board.reading import read
from cli.costs.prices import Prices
from deployed.board.sections import sections
from deployed.terminal import CommandFailed, say


def run(log: Path, folder: Path, *, last_seconds: float | None) -> None:
    """Raises CommandFailed of a log that cannot be read, or of files that cannot be written."""
    try:
        with log.open(errors="replace") as lines:
            told = read(lines, last_seconds=last_seconds)
    except OSError as error:
        raise CommandFailed(f"{log} cannot be read: {error.strerror}. Is `openhouse run` running?") from error
    shown = sections({name: price.dollars(1) for name, price in Prices.read().aws.items()})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        html = folder / "dashboard.html"
        html.write_text(page(shown, told, log.name))
    except OSError as error:
        raise CommandFailed(f"{folder} cannot be written: {error.strerror}.") from error
    picture(shown, told, folder / "dashboard.png")
    say(f"Drawn: {html} and {folder / 'dashboard.png'}, of {told.last - told.first:,.0f} s.")
