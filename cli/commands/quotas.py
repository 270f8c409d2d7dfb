from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import Emulator


def quotas(
    ask: Annotated[bool, typer.Option("--ask", help="Ask AWS for more, where there is too little.")] = False,
    emulator: Emulator = None,
) -> None:
    """Say what the account allows, and what to ask AWS for first."""
    from cli.quotas import show_quotas
    from deployed.cloud import Cloud

    show_quotas(Cloud.chosen(emulator), ask=ask)
