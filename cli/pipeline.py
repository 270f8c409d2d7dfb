"""`openhouse pipeline OWNER/NAME`: the roles by which a repository on GitHub deploys and examines this deployment."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence

from cli.deploy import run_at_the_terminal
from deployed.cloud import Cloud
from deployed.endpoints import Deployment, outputs_of
from deployed.terminal import CommandFailed, Steps, say

STACK = "Openhouse-Pipeline"
_ISSUER = "token.actions.githubusercontent.com"
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[\w.-]+")


def make_pipeline(cloud: Cloud, repository: str, environment: str, options: Sequence[str], steps: Steps) -> None:
    """`options` are handed to `cdk deploy`. Raises CommandFailed, and what boto3 raises."""
    if not _REPOSITORY.fullmatch(repository):
        raise CommandFailed(f"{repository} is no repository: write its owner and its name, such as acme/openhouse.")
    with steps.step("AWS account"):
        deployment = Deployment.read(cloud.cloudformation(), cloud.emulator_url)
        makes_provider = _makes_provider(cloud)
    region = cloud.cloudformation().meta.region_name
    context = {
        "repository": repository,
        "environment": environment,
        "tables": f"{deployment.table_name},{deployment.records_table_name}",
        "filesBucket": deployment.files_bucket,
        "userPoolId": deployment.endpoints.user_pool_id,
        "socketApiId": deployment.socket_api_id,
        "makesProvider": str(makes_provider).lower(),
    }
    chosen = [part for name, value in context.items() for part in ("--context", f"{name}={value}")]
    app = ["--app", f"{sys.executable} -m infra.pipeline_app"]
    run_at_the_terminal(
        ["deploy", STACK, "--progress", "events", *app, *chosen, *options], {**os.environ, "AWS_REGION": region}
    )
    say(*_summary(outputs_of(cloud.cloudformation(), STACK), region, environment).split("\n"))


def _makes_provider(cloud: Cloud) -> bool:
    """An account knows each issuer once: this stack makes GitHub's, unless it is there by somebody else."""
    found = cloud.roles().list_open_id_connect_providers()["OpenIDConnectProviderList"]
    if not any(each["Arn"].endswith(f"/{_ISSUER}") for each in found):
        return True
    return outputs_of(cloud.cloudformation(), STACK).get("MadeProvider") == "true"


def _summary(outputs: Mapping[str, str], region: str, environment: str) -> str:
    return f"""
The roles are made. In the repository's settings, make the environment `{environment}` and three variables (no secrets):

  OPENHOUSE_REGION       {region}
  OPENHOUSE_DEPLOY_ROLE  {outputs["DeployRoleArn"]}
  OPENHOUSE_SMOKE_ROLE   {outputs["SmokeRoleArn"]}
"""
