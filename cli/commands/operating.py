"""Commands that show what there is, and end what shall be no more. All take AWS credentials."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from cli.commands.options import AsJson, Emulator


def rooms(
    brokerage_id: Annotated[
        str | None, typer.Argument(metavar="BROKERAGE", help="Its id, such as harbor. Without one, all.")
    ] = None,
    emulator: Emulator = None,
    json: AsJson = False,
) -> None:
    """List the rooms: where their logs end, and who is there."""
    from concurrent.futures import ThreadPoolExecutor

    from cli.operating.installation import Installation
    from cli.operating.look import show
    from cli.operating.rooms import AT_ONCE, document, lines, rooms
    from openhouse.core import clock

    services, now = Installation.chosen(emulator).services, clock.utc_now()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = rooms(services, brokerage_id, now, threads.map)
    show(document(found), lines(services, found, now), as_json=json)


def connections(
    who: Annotated[
        str | None,
        typer.Argument(metavar="WHO", help="A brokerage, a room, or a person by e-mail address or id. Else all."),
    ] = None,
    emulator: Emulator = None,
    json: AsJson = False,
) -> None:
    """List who is connected, since when, and who lags."""
    from cli.operating.connections import connected, document, lines
    from cli.operating.installation import Installation
    from cli.operating.look import show
    from openhouse.core import clock

    services, now = Installation.chosen(emulator).services, clock.utc_now()
    found = connected(services, who, now)
    show(document(found), lines(services, found, now), as_json=json)


def replay(
    room: Annotated[str, typer.Argument(metavar="ROOM", help="Such as team:north: `openhouse rooms` lists all.")],
    after: Annotated[
        int | None, typer.Option(metavar="SEQ", min=0, help="The position to go on from; without it, the last commits.")
    ] = None,
    epoch: Annotated[
        str | None, typer.Option(metavar="EPOCH", help="Of that position, if it is not the log's own.")
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=10_000, help="Commits at most.")] = 20,
    emulator: Emulator = None,
    json: AsJson = False,
) -> None:
    """Read a room's log from a position, as a client gets it."""
    from cli.operating.installation import Installation
    from cli.operating.look import show
    from cli.operating.replay import lines, replayed
    from cli.operating.room_called import check_room, room_called
    from openhouse.core import clock

    check_room(room)
    services = Installation.chosen(emulator).services
    found = replayed(services, room_called(services, room), after, epoch, limit)
    show(found.wire(), lines(services, found, clock.utc_now()), as_json=json)


def revoke(
    who: Annotated[str, typer.Argument(metavar="PERSON", help="Their e-mail address or id.")],
    tokens_last: Annotated[
        int | None,
        typer.Option(metavar="MINUTES", min=1, help="For how long another issuer's tokens last."),
    ] = None,
    emulator: Emulator = None,
    json: AsJson = False,
) -> None:
    """End all sessions of a person: sockets, tickets, tokens. They can sign in anew.

    Whoever is to stay out is removed from the brokerage: `openhouse brokerage remove`.
    """
    from cli.operating.installation import Installation
    from cli.operating.look import show
    from cli.operating.revoke import document, lines, revoke
    from openhouse.core import clock

    lasting = timedelta(minutes=tokens_last) if tokens_last else None
    done = revoke(Installation.chosen(emulator), who, clock.utc_now(), lasting)
    show(document(done), lines(done), as_json=json)
