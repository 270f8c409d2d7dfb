from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import Emulator


def doctor(
    emulator: Emulator = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document at the end instead of lines.")] = False,
    posts: Annotated[int, typer.Option(metavar="N", min=10, help="Of the burst.")] = 2_000,
) -> None:
    """Examine a deployment: whether it works, and what AWS does with it.

    It makes a brokerage and a login of its own with your AWS credentials, and removes both.
    """
    from cli.doctor.report import run
    from deployed.cloud import Cloud

    run(Cloud.chosen(emulator), as_json=json, posts=posts)
