from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import Emulator


def maintenance(
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="What everybody is to read.")] = None,
    starts: Annotated[str | None, typer.Option("--from", metavar="TIME", help="Such as 2026-03-08T06:00Z.")] = None,
    ends: Annotated[str | None, typer.Option("--until", metavar="TIME", help="When it is expected to end.")] = None,
    over: Annotated[bool, typer.Option("--over", help="It has ended, or does not come.")] = False,
    emulator: Emulator = None,
) -> None:
    """Announce maintenance to everybody, or its end.

    In all brokerages. Takes AWS credentials. Announced again, the last one counts.
    """
    from cli.broadcast import announce_maintenance, end_maintenance, moment
    from deployed.cloud import Cloud
    from deployed.terminal import Steps, terminal

    steps = Steps(terminal(error=True))
    if over and (text, starts, ends) == (None, None, None):
        end_maintenance(Cloud.chosen(emulator), steps)
    elif not over and text and starts and ends:
        announce_maintenance(Cloud.chosen(emulator), text, moment(starts), moment(ends), steps)
    else:
        raise typer.BadParameter("give a text, --from and --until; or --over alone")
