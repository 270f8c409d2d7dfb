from __future__ import annotations

from cli.commands.options import AsJson, Emulator


def redrive(emulator: Emulator = None, json: AsJson = False) -> None:
    """Post again, from the log, what the fan-out gave up on.

    Find the cause first: docs/operations.md.
    """
    from cli.operating.look import show
    from cli.redrive import redrive
    from deployed.cloud import Cloud
    from deployed.terminal import Steps, terminal

    done = redrive(Cloud.chosen(emulator), Steps(terminal(error=True)))
    show(done.wire(), str(done).split("\n"), as_json=json)
