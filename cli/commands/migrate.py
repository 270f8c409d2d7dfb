from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.commands.options import Emulator


def migrate(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="With users.csv, teams.csv, escrows.csv and so on.")],
    brokerage_id: Annotated[str, typer.Option("--brokerage", metavar="ID", help="Into which, such as harbor.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing but the mapping and the report.")] = False,
    mapping: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What each column becomes; FOLDER/migration.json without it.")
    ] = None,
    owner: Annotated[
        str, typer.Option(metavar="EMAIL", help="Whose the records become whose owner is not moved.")
    ] = "",
    source: Annotated[
        str, typer.Option(metavar="NAME", help="Of the other system, if two are moved into one brokerage.")
    ] = "crm",
    time_zone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Of times without one, such as America/Los_Angeles.")
    ] = None,
    emulator: Emulator = None,
) -> None:
    """Move a CRM on PostgreSQL over, from CSV dumps of its tables.

    Takes AWS credentials, and a brokerage that was founded. Killed half-way, the same command goes on where it ended;
    run again, it writes nothing twice and changes nothing that people have done since. The exit code is 1 if rows were
    rejected or the counts differ.
    """
    from cli.migration.connected import moved
    from cli.migration.run import Asked
    from deployed.cloud import Cloud
    from deployed.terminal import Steps, terminal

    asked = Asked(folder, brokerage_id, mapping, owner, source, time_zone, dry_run)
    if not moved(Cloud.chosen(emulator), asked, Steps(terminal(error=True))):
        raise typer.Exit(1)
