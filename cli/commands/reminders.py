from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import Emulator


def reminders(
    brokerage_id: Annotated[str, typer.Argument(metavar="ID", help="The brokerage's id, such as harbor.")],
    emulator: Emulator = None,
) -> None:
    """Schedule the reminders of a brokerage's appointments anew.

    Takes AWS credentials. Nobody is reminded twice.
    """
    from cli.reminders import remake_schedules
    from deployed.cloud import Cloud
    from deployed.terminal import Steps, say, terminal

    made = remake_schedules(Cloud.chosen(emulator), brokerage_id, Steps(terminal(error=True)))
    say(f"{made:,} appointments to come will be reminded of.")
