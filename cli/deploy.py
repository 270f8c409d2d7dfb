"""`openhouse deploy`: the CDK app to the AWS account of the person's usual settings."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from cli.account import Account, configured, plan
from cli.certificates import certificate_of
from deployed import BUILD, ROOT
from deployed.cdk import cdk_command, cdk_environment
from deployed.cloud import Cloud
from deployed.endpoints import STACKS, Deployment
from deployed.terminal import CommandFailed, Steps, say

_NEVER_WAS = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED")  # the state of a stack whose creation has failed


def deploy(cloud: Cloud, options: Sequence[str], steps: Steps) -> None:
    """`options` are handed to `cdk deploy`. Raises CommandFailed, and what boto3 raises."""
    with steps.step("AWS account"):
        caller = cloud.sts().get_caller_identity()
        account, region = caller["Account"], cloud.cloudformation().meta.region_name
        is_bootstrapped = _is_bootstrapped(cloud)
        chosen = configured(options)
        check_topic(str(chosen["alarmTopicArn"]), region)
        fitted = plan(Account.read(cloud), chosen)
        found = _certificate(cloud, chosen)
        give_up_failed_creation(cloud)
    say(f"Deploying to account {account}, region {region}, as {caller['Arn']}.")
    say(*fitted.remarks, *(f"{chosen['webDomain']} has the certificate {arn}." for arn in found))
    environment = {**os.environ, "AWS_REGION": region}
    if not is_bootstrapped:
        say("This region of the account has no CDK toolkit stack yet; creating it.")
        # Where there is no cdk.json: with one, the app is run for it, and nothing of that is used.
        run_at_the_terminal(["bootstrap", f"aws://{account}/{region}"], environment, cwd=BUILD)
    fitting = [*options, *fitted.options, *_named(found)]  # the CDK takes the last of what is said twice
    run_at_the_terminal(["deploy", "--all", "--progress", "events", *fitting], environment)
    with steps.step("addresses"):
        deployment = Deployment.read(cloud.cloudformation(), cloud.emulator_url)
    say(*_summary(deployment).split("\n"))


def _certificate(cloud: Cloud, chosen: Mapping[str, Any]) -> list[str]:
    """The ARN of the domain's, if there is a domain and nobody has named its certificate."""
    wanted = chosen["webDomain"] and not chosen["webCertificateArn"]
    return [certificate_of(cloud, str(chosen["webDomain"]))] if wanted else []


def _named(arns: Sequence[str]) -> list[str]:
    return [part for arn in arns for part in ("--context", f"webCertificateArn={arn}")]


def check_topic(arn: str, region: str) -> None:
    """Raises CommandFailed for one that CloudWatch would refuse, half-way through a deployment."""
    if arn and arn.split(":")[3:4] != [region]:
        raise CommandFailed(f"alarmTopicArn is {arn}, but alarms of {region} can only tell topics of {region}.")


def give_up_failed_creation(cloud: Cloud) -> None:
    """The stack of the data is protected from its beginning on, and what failed then has to be deleted before it can be
    created anew: which the CDK does, but for a protected one. Nothing was ever in it.
    """
    (data, *_) = STACKS
    found = _stack(cloud, data)
    if found and found["StackStatus"] in _NEVER_WAS and found.get("EnableTerminationProtection"):
        say(f"{data} could not be created the last time; what is left of that is deleted.")
        cloud.cloudformation().update_termination_protection(StackName=data, EnableTerminationProtection=False)


def _is_bootstrapped(cloud: Cloud) -> bool:
    toolkit = _stack(cloud, "CDKToolkit")
    return toolkit is not None and toolkit["StackStatus"] not in _NEVER_WAS


def _stack(cloud: Cloud, name: str) -> Mapping[str, Any] | None:
    try:
        return cloud.cloudformation().describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":  # how CloudFormation says: no such stack
            raise
    return None


def run_at_the_terminal(arguments: Sequence[str], environment: Mapping[str, str], *, cwd: Path = ROOT) -> None:
    """Runs the CLI at the terminal, where it shows its progress and asks before it widens permissions."""
    output = ["--output", str(BUILD / "cdk-aws")]
    interruptions: list[int] = []
    # Ctrl-C reaches the CLI by itself; we wait for what it makes of it.
    before = signal.signal(signal.SIGINT, lambda number, _frame: interruptions.append(number))
    try:
        status = subprocess.call(cdk_command(*arguments, *output), cwd=cwd, env=cdk_environment(environment))
    finally:
        signal.signal(signal.SIGINT, before)
    if status and interruptions:
        raise KeyboardInterrupt
    if status:
        raise CommandFailed(f"`cdk {arguments[0]}` failed; its own message is above.")


def _summary(deployment: Deployment) -> str:
    endpoints = deployment.endpoints
    web_app = f"  Web app      {deployment.web_url}\n" if deployment.web_url else ""
    if deployment.has_own_domain:
        web_app += f"  (your DNS has to lead there: a CNAME, or an alias, to {deployment.web_target})\n"
    return f"""
Openhouse is deployed.

{web_app}  API          {endpoints.http_url}
  Socket       {deployment.socket_url}
  User pool    {endpoints.user_pool_id}
  App client   {endpoints.client_id}

Its first brokerage:

  .venv/bin/openhouse brokerage found harbor Harbor --admin you@example.com --admin-name "Your Name"
"""
