from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.examples import example
from cli.commands.options import Emulator

app = typer.Typer(help="Go back to how the tables were: see docs/operations.md.", no_args_is_help=True)


@app.command(epilog=example("restore prepare"))
def prepare(
    name: Annotated[str, typer.Option(metavar="NAME", help="How the names of the new tables begin.")],
    to: Annotated[str | None, typer.Option(metavar="TIME", help="Such as 2026-03-08T06:00:00Z.")] = None,
    backup: Annotated[
        list[str] | None, typer.Option(metavar="ARN", help="Twice: of the table's backup, and of that of records.")
    ] = None,
    emulator: Emulator = None,
) -> None:
    """Make new tables of what was, which a deployment may use.

    Nobody notices yet. Takes AWS credentials.
    """
    from cli.restoring.restore import prepare, source
    from deployed.cloud import Cloud
    from deployed.terminal import Steps, say, terminal
    from openhouse.core import clock

    ready = prepare(
        Cloud.chosen(emulator), source(to, backup or [], clock.utc_now()), name, Steps(terminal(error=True))
    )
    say(
        f"{ready.tables.main} and {ready.tables.records} are of one moment. Rooms: {ready.prepared.rooms:,}.",
        *ready.prepared.differing,
        "Write this into the context of cdk.json, `make deploy`, then `openhouse restore finish`:",
        f"  {ready.context()}",
    )


@app.command(epilog=example("restore finish"))
def finish(emulator: Emulator = None) -> None:
    """Have everybody come back, and make what is derived anew.

    After the deployment that uses them. May be repeated. Takes AWS credentials.
    """
    from cli.restoring.restore import finish
    from deployed.cloud import Cloud
    from deployed.terminal import Steps, say, terminal

    done = finish(Cloud.chosen(emulator), Steps(terminal(error=True)))
    say(
        f"Sockets closed: {done.sockets:,}. Brokerages: {done.brokerages:,}; appointments to come: {done.reminders:,}; "
        f"rows of the search index made or removed: {done.rows:,}."
    )
