from __future__ import annotations

from typing import Annotated

import typer


def deploy(
    cdk_options: Annotated[
        list[str] | None,
        typer.Argument(metavar="CDK_OPTION", help="For `cdk deploy`, such as --require-approval never."),
    ] = None,
) -> None:
    """Deploy to the AWS account of your usual AWS settings."""
    from cli.deploy import deploy
    from deployed.cloud import Cloud
    from deployed.terminal import Steps, terminal

    deploy(Cloud.from_environment(), cdk_options or (), Steps(terminal(error=True)))
