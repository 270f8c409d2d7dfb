from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import AsJson, Emulator


def doctor(
    emulator: Emulator = None,
    json: AsJson = False,
    posts: Annotated[int, typer.Option(metavar="N", min=10, help="Of the burst.")] = 2_000,
) -> None:
    """Examine a deployment: whether all of it works.

    It signs in, connects, writes, hears of it, goes on after a gap, locks, and imports. Then it removes all of that,
    and the brokerage and login that it has made with your AWS credentials. The exit code is 1 if a check fails.
    """
    from cli.doctor.report import run
    from deployed.cloud import Cloud

    run(Cloud.chosen(emulator), as_json=json, posts=posts)
