from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import LOCAL_CONFIG, As, Endpoint

View = Annotated[
    str | None,
    typer.Option(
        metavar="NOUN:ID",
        help="A record to look at, which others see; who else does is told.",
    ),
]


def watch(email: As, view: View = None, endpoint: Endpoint = LOCAL_CONFIG) -> None:
    """Show each commit that someone can see, as it arrives.

    Time, delay until now, room and number, who, what. Ctrl-C ends.
    """
    from cli.passwords import password_of
    from cli.watch import named_record, watch_until_stopped
    from deployed.endpoints import Endpoints

    record = named_record(view) if view else None
    watch_until_stopped(Endpoints.fetch(endpoint), email, password_of(email), record)
