"""Founding takes AWS credentials, as does a new login; all else is what an administrator may do."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.examples import example
from cli.commands.options import Emulator
from openhouse.core.principal import Role

PASSWORDS_NOTE = (
    "Passwords are asked for, or taken from the environment: yours, and that of a new login.  "
    "[env vars: OPENHOUSE_PASSWORD, OPENHOUSE_NEW_PASSWORD]"
)

As = Annotated[str, typer.Option("--as", metavar="EMAIL", help="An administrator of the brokerage.")]

app = typer.Typer(help="Found a brokerage, and add its teams and people.", rich_markup_mode=None)


@app.command(epilog=example("brokerage found", PASSWORDS_NOTE))
def found(
    brokerage_id: Annotated[str, typer.Argument(metavar="ID", help="Its short id, such as harbor.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as Harbor.")],
    admin: Annotated[str, typer.Option(metavar="EMAIL", help="Of its first administrator.")],
    admin_name: Annotated[str, typer.Option(metavar="NAME", help="What the administrator is called.")],
    emulator: Emulator = None,
) -> None:
    """Found a brokerage with its first administrator."""
    from cli.brokerage import found
    from cli.passwords import new_password
    from deployed.cloud import Cloud
    from deployed.people import Person

    first = Person(email=admin, name=admin_name, role="admin")
    found(Cloud.chosen(emulator), brokerage_id, name, first, new_password(f"Password for the new login {admin}"))


@app.command(epilog=example("brokerage team", PASSWORDS_NOTE))
def team(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as North.")],
    email: As,
    rename: Annotated[
        str | None, typer.Option(metavar="TEAM_ID", help="Give this team the name, instead of adding one.")
    ] = None,
    emulator: Emulator = None,
) -> None:
    """Add or rename a team."""
    from cli.brokerage import administering, put_team
    from deployed.cloud import Cloud

    with administering(Cloud.chosen(emulator), email) as session:
        put_team(session, name, rename)


@app.command(epilog=example("brokerage user", PASSWORDS_NOTE))
def user(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="What they sign in with.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="What they are called.")],
    admin: As,
    role: Annotated[Role, typer.Option(help="What they may do: docs/access.md.")] = "agent",
    team: Annotated[
        list[str] | None, typer.Option(metavar="TEAM", help="Its name or id; may be given several times.")
    ] = None,
    emulator: Emulator = None,
) -> None:
    """Add or change a person, with a login."""
    from cli.brokerage import administering, put_user
    from deployed.cloud import Cloud
    from deployed.people import Person

    with administering(Cloud.chosen(emulator), admin) as session:
        put_user(session, Person(email=email, name=name, role=role), team or ())


@app.command(epilog=example("brokerage remove", PASSWORDS_NOTE))
def remove(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="What they sign in with.")],
    admin: As,
    emulator: Emulator = None,
) -> None:
    """Take a person out of the brokerage."""
    from cli.brokerage import administering, remove_user
    from deployed.cloud import Cloud

    with administering(Cloud.chosen(emulator), admin) as session:
        remove_user(session, email)


@app.command(epilog=example("brokerage show", PASSWORDS_NOTE))
def show(email: As, emulator: Emulator = None) -> None:
    """List the teams and people."""
    from cli.brokerage import administering, show_directory
    from deployed.cloud import Cloud

    with administering(Cloud.chosen(emulator), email) as session:
        show_directory(session)
