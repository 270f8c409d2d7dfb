"""`openhouse dashboard`."""

from __future__ import annotations

import re
from pathlib import Path

from botocore.exceptions import BotoCoreError

from cli.board.drawing import picture
from cli.board.page import page
from cli.board.reading import Logged, read
from cli.costs.prices import Prices
from deployed.board.sections import sections
from deployed.cloud import Cloud
from deployed.terminal import CommandFailed, say

LOG_GROUPS = "/aws/cloudformation/Openhouse-App/"  # as the emulator calls those of the functions


def run(emulator: str, folder: Path, *, last_seconds: float | None) -> None:
    """Raises CommandFailed if nothing runs there, or of files that cannot be written."""
    try:
        lines = Cloud.emulated(emulator).log_lines(LOG_GROUPS)
        told = read((Logged(_function_of(group), at, text) for group, at, text in lines), last_seconds=last_seconds)
    except BotoCoreError as error:
        raise CommandFailed(f"{emulator} does not answer. Is `openhouse run` running?") from error
    shown = sections({name: price.dollars(1) for name, price in Prices.read().aws.items()})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        html = folder / "dashboard.html"
        html.write_text(page(shown, told, emulator))
    except OSError as error:
        raise CommandFailed(f"{folder} cannot be written: {error.strerror}.") from error
    picture(shown, told, folder / "dashboard.png")
    say(f"Drawn: {html} and {folder / 'dashboard.png'}, of {told.last - told.first:,.0f} s.")


def _function_of(group: str) -> str:
    """`FanoutWorkerLogsB00934F9` is that of `fanout_worker`."""
    name = re.sub(r"Logs[0-9A-F]{8}$", "", group)
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
