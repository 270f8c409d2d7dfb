from __future__ import annotations

from typing import Annotated

import typer


def pipeline(
    repository: Annotated[str, typer.Argument(metavar="OWNER/NAME", help="The repository on GitHub.")],
    cdk_options: Annotated[
        list[str] | None,
        typer.Argument(metavar="CDK_OPTION", help="For `cdk deploy`, such as --require-approval never."),
    ] = None,
    environment: Annotated[
        str, typer.Option(metavar="NAME", help="Of the repository's environments, the one whose jobs may deploy.")
    ] = "production",
) -> None:
    """Make the roles by which a GitHub repository deploys.

    And examines what it deployed, without any key. Takes AWS credentials that may make roles, and a deployment.
    """
    from cli.pipeline import make_pipeline
    from deployed.cloud import Cloud
    from deployed.terminal import Steps, terminal

    make_pipeline(Cloud.from_environment(), repository, environment, cdk_options or (), Steps(terminal(error=True)))
