from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import AsJson, Emulator
from openhouse.core.levels import Level


def broadcast(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What everybody is to read.")],
    level: Annotated[Level, typer.Option(help="How it is shown.")] = "info",
    id_: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="That of a broadcast that was interrupted, to go on with it."),
    ] = None,
    emulator: Emulator = None,
    json: AsJson = False,
) -> None:
    """Tell everybody something, in all brokerages.

    Takes AWS credentials. Shown to whoever is there, and for a day to whoever comes.
    """
    from cli.broadcast import broadcast, id_of, new_id
    from deployed.cloud import Cloud
    from deployed.terminal import Steps, terminal

    known = new_id() if id_ is None else id_of(id_)
    broadcast(Cloud.chosen(emulator), text, level, known, Steps(terminal(error=True)), as_json=json)
