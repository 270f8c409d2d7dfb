from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import Emulator


def export(
    bucket: Annotated[str, typer.Argument(metavar="BUCKET", help="Of S3, that you may write to.")],
    at: Annotated[str, typer.Option(metavar="TIME", help="Such as 2026-03-08T06:00:00Z, within the last 35 days.")],
    prefix: Annotated[str, typer.Option(metavar="TEXT", help="How the keys of its objects begin.")] = "openhouse",
    emulator: Emulator = None,
) -> None:
    """Write both tables, as of one moment, into a bucket.

    Takes AWS credentials.
    """
    from cli.export import export
    from cli.restoring.restore import second
    from deployed.cloud import Cloud
    from deployed.terminal import Steps, say, terminal
    from openhouse.core import clock

    done = export(Cloud.chosen(emulator), bucket, prefix, second(at, clock.utc_now()), Steps(terminal(error=True)))
    say(*(f"{each.table}: {each.items:,} items, s3://{bucket}/{each.manifest}" for each in done))
