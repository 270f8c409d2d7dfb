"""`make deploy`: the CDK app to the AWS account of the person's usual settings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from botocore.exceptions import ClientError

from deployed import BUILD, ROOT
from deployed.cdk import cdk_command, cdk_environment
from deployed.cloud import Cloud, aws_failures_in_a_sentence
from deployed.endpoints import Deployment
from deployed.terminal import CommandFailed, exit_with


def main(options: Sequence[str] = tuple(sys.argv[1:])) -> int:
    """`options` are handed to `cdk deploy`."""
    with aws_failures_in_a_sentence():
        cloud = Cloud.from_environment()
        caller = cloud.sts().get_caller_identity()
        account, region = caller["Account"], cloud.cloudformation().meta.region_name
        print(f"Deploying to account {account}, region {region}, as {caller['Arn']}.", flush=True)
        environment = {**os.environ, "AWS_REGION": region}
        if not _is_bootstrapped(cloud):
            print("This region of the account has no CDK toolkit stack yet; creating it.", flush=True)
            _cdk(["bootstrap", f"aws://{account}/{region}"], environment)
        _cdk(["deploy", "--all", "--progress", "events", *options], environment)
        print(_summary(Deployment.read(cloud.cloudformation(), cloud.emulator_url)))
    return 0


def _is_bootstrapped(cloud: Cloud) -> bool:
    try:
        cloud.cloudformation().describe_stacks(StackName="CDKToolkit")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        return False
    return True


def _cdk(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Runs the CLI at the terminal, where it shows its progress and asks before it widens permissions."""
    output = ["--output", str(BUILD / "cdk-aws")]
    # Ctrl-C reaches the CLI by itself; we wait for what it makes of it.
    before = signal.signal(signal.SIGINT, lambda _signal, _frame: None)
    try:
        status = subprocess.call(cdk_command(*arguments, *output), cwd=ROOT, env=cdk_environment(environment))
    finally:
        signal.signal(signal.SIGINT, before)
    if status:
        raise CommandFailed(f"`cdk {arguments[0]}` failed; its own message is above.")


def _summary(deployment: Deployment) -> str:
    endpoints = deployment.endpoints
    return f"""
Openhouse is deployed.

  API          {endpoints.http_url}
  Socket       {deployment.socket_url}
  User pool    {endpoints.user_pool_id}
  App client   {endpoints.client_id}

Its first brokerage:

  .venv/bin/python -m deployed.people found harbor Harbor --admin you@example.com --admin-name "Your Name"
"""


if __name__ == "__main__":
    exit_with(main)
