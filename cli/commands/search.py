from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import Emulator


def search(
    brokerage_id: Annotated[str, typer.Argument(metavar="ID", help="The brokerage's id, such as harbor.")],
    emulator: Emulator = None,
) -> None:
    """Make a brokerage's search index anew from its records.

    Takes AWS credentials. People go on working meanwhile.
    """
    from cli.search import rebuild_index
    from deployed.cloud import Cloud
    from deployed.terminal import Steps, say, terminal

    done = rebuild_index(Cloud.chosen(emulator), brokerage_id, Steps(terminal(error=True)))
    say(f"{done.records:,} records: {done.rows:,} rows were missing, {done.stale:,} led nowhere.")
