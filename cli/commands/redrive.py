from __future__ import annotations

from cli.commands.options import Emulator


def redrive(emulator: Emulator = None) -> None:
    """Post again, from the log, what the fan-out gave up on.

    Find the cause first: docs/operations.md.
    """
    from cli.redrive import redrive
    from deployed.cloud import Cloud
    from deployed.terminal import Steps, say, terminal

    say(*str(redrive(Cloud.chosen(emulator), Steps(terminal(error=True)))).split("\n"))
