from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import AsJson, Emulator


def explain(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="A commit (team:north#42, or its id), a record (escrow:ID, or its id), "
            "or a person (their e-mail address, or their id).",
        ),
    ],
    whom: Annotated[
        str | None,
        typer.Option("--for", metavar="PERSON", help="Say why they do not see it: their e-mail address or id."),
    ] = None,
    emulator: Emulator = None,
    json: AsJson = False,
) -> None:
    """Tell what became of a commit, a record or a person.

    The write, its transaction, how late the stream was, each post with its outcome, and where each client stands: from
    the tables and the logs of the functions. What cannot be known is said. Takes AWS credentials.
    """
    from cli.explain.run import explain
    from cli.operating.installation import Installation

    explain(Installation.chosen(emulator), what, whom, as_json=json)
