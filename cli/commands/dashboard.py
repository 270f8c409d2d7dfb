from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def dashboard(
    emulator: Annotated[str, typer.Option(metavar="URL", help="Of the local run.")] = "http://127.0.0.1:4566",
    folder: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where both files go.")] = Path("build"),
    last: Annotated[float | None, typer.Option(metavar="SECONDS", min=1, help="Only the end of the run.")] = None,
) -> None:
    """Draw the dashboard of a local run, as PNG and HTML.

    The charts are those of the deployed dashboard. What AWS alone tells is left empty.
    """
    from cli.board.run import run

    run(emulator, folder, last_seconds=last)
