from __future__ import annotations

from typing import Annotated

import typer

from local import EMULATOR_PORT, PAGE_PORT


def run(
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Of the page.")] = PAGE_PORT,
    emulator_port: Annotated[int, typer.Option(min=1024, max=65535, help="Of the AWS emulator.")] = EMULATOR_PORT,
    aws_like: Annotated[bool, typer.Option("--aws-like", help="With the delays, limits and habits of AWS.")] = False,
) -> None:
    """Run all of Openhouse on this machine, in an AWS emulator.

    With a demo brokerage. Ctrl-C stops everything.
    """
    if port == emulator_port:
        raise typer.BadParameter(f"both are {port}, and have to differ", param_hint="'--port' and '--emulator-port'")
    from local.run import run

    run(port, emulator_port, aws_like=aws_like)
