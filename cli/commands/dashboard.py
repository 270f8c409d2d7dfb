from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def dashboard(
    emulator_port: Annotated[int, typer.Option(metavar="N", min=1, max=65_535, help="Of the local run.")] = 4566,
    log: Annotated[Path | None, typer.Option(metavar="FILE", help="Another log than that of a running one.")] = None,
    folder: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where both files go.")] = Path("build"),
    last: Annotated[float | None, typer.Option(metavar="SECONDS", min=1, help="Only the end of the run.")] = None,
) -> None:
    """Draw the dashboard of a local run: dashboard.png and dashboard.html.

    The charts are those of the deployed dashboard. What AWS alone tells is left empty.
    """
    from cli.board.run import run
    from local.emulator import log_of

    run(log or log_of(emulator_port), folder, last_seconds=last)
