"""The whole of Openhouse deployed into an emulator of its own: what `make run`, the e2e tests and the bench share."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from deployed import BUILD
from deployed.cdk import run_cdk
from deployed.cloud import REGION, Cloud
from deployed.endpoints import STACKS, Deployment
from deployed.terminal import Steps
from local.emulator import ACCOUNT, NOWHERE, Emulator, aws_environment, running_emulator, without_aws


@dataclass(frozen=True)
class RunningStack:
    emulator: Emulator
    cloud: Cloud
    deployment: Deployment


@contextmanager
def running_stack(
    *,
    emulator_port: int,
    steps: Steps,
    origins: Sequence[str] = ("http://localhost:8080",),
    choices: Mapping[str, str] = MappingProxyType({}),
    assembly: Path | None = None,
) -> Iterator[RunningStack]:
    """Starts an emulator, deploys the CDK app into it, and takes both away at the end.

    `origins` are those of the web pages that may call the HTTP API; `choices`: what else differs from cdk.json.
    `assembly`: where `synthesise` has put an app already, which is deployed as it is. Raises CommandFailed.
    """
    with ExitStack() as at_the_end:
        with steps.step(f"AWS emulator on port {emulator_port}"):
            emulator = at_the_end.enter_context(running_emulator(emulator_port))
        if assembly is None:
            assembly = BUILD / f"cdk-{emulator_port}"
            at_the_end.callback(shutil.rmtree, assembly, ignore_errors=True)
            synthesise(assembly, steps=steps, origins=origins, choices=choices)
        cloud = Cloud.emulated(emulator.url)
        yield RunningStack(emulator, cloud, _deploy(cloud, emulator_port, assembly, steps))


def synthesise(
    assembly: Path, *, steps: Steps, origins: Sequence[str], choices: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Runs the CDK app into a folder, which it replaces. Arguments as above. Raises CommandFailed."""
    log = BUILD / f"{assembly.name}.log"
    log.unlink(missing_ok=True)
    shutil.rmtree(assembly, ignore_errors=True)
    # Without a canary: each minute it would write beside whatever is counted.
    chosen = {"target": "local", "canary": "false", "origins": ",".join(origins), **choices}
    context = [part for name, value in chosen.items() for part in ("--context", f"{name}={value}")]
    with steps.step("cdk synth") as tell:
        run_cdk(
            ["synth", "--quiet", "--output", str(assembly), *context],
            environment=without_aws(os.environ) | NOWHERE,
            log=log,
            tell=tell,
        )


def _deploy(cloud: Cloud, port: int, assembly: Path, steps: Steps) -> Deployment:
    with steps.step("cdk bootstrap") as tell:
        # With an assembly at hand, neither this nor the deployment runs the app once more.
        bootstrap = ["bootstrap", f"aws://{ACCOUNT}/{REGION}", "--app", str(assembly)]
        run_cdk(bootstrap, environment=_environment(port), log=_log(port), tell=tell)
    return deploy_assembly(cloud, port, assembly, steps)


def deploy_assembly(cloud: Cloud, port: int, assembly: Path, steps: Steps) -> Deployment:
    """Deploys what `synthesise` has made into an emulator that was bootstrapped. Raises CommandFailed."""
    with steps.step("cdk deploy") as tell:
        unattended = ["--require-approval", "never", "--method", "direct", "--progress", "events", "--concurrency", "2"]
        command = ["deploy", "--all", "--app", str(assembly), *unattended]
        run_cdk(command, environment=_environment(port), log=_log(port), tell=tell)
    deployment = Deployment.read(cloud.cloudformation(), cloud.emulator_url)
    _restore_cors(cloud, deployment, assembly)
    return deployment


def _environment(port: int) -> dict[str, str]:
    return without_aws(os.environ) | aws_environment(port)


def _log(port: int) -> Path:
    return BUILD / f"cdk-{port}.log"


def _restore_cors(cloud: Cloud, deployment: Deployment, assembly: Path) -> None:
    """MiniStack loses the CORS settings that CloudFormation gives to an HTTP API, so they are given once more."""
    for stack in STACKS:
        template = json.loads((assembly / f"{stack}.template.json").read_text())
        for resource in template["Resources"].values():
            cors = resource.get("Properties", {}).get("CorsConfiguration")
            if resource["Type"] == "AWS::ApiGatewayV2::Api" and cors:
                cloud.http_apis().update_api(ApiId=deployment.http_api_id, CorsConfiguration=cors)
