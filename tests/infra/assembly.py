"""A synthesised app as the tests read it: what `cdk deploy` would hand to CloudFormation, named by construct paths."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.configuration import Configuration
from openhouse.entities import ENTITIES
from openhouse.rooms.entity import Entity

if TYPE_CHECKING:
    from aws_cdk import App

ROOT = Path(__file__).resolve().parents[2]
DATA, APP, WEB = "Openhouse-Data", "Openhouse-App", "Openhouse-Web"
NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Resource:
    path: str  # of the construct within its stack, such as `TableStream/Failures`
    type: str
    properties: dict[str, Any]
    definition: dict[str, Any]


class Assembly:
    """The output of one synthesis; every template in it has its intrinsic functions rendered as text.

    `{Crm.Arn}` is the Arn of the construct `Crm`, `{Region}` the pseudo parameter; a value imported from the other
    stack reads as it does there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def template_file(self, stack: str) -> Path:
        return self.folder / f"{stack}.template.json"

    def raw(self, stack: str) -> dict[str, Any]:
        template: dict[str, Any] = json.loads(self.template_file(stack).read_text())
        return template

    @cached_property
    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text())
        return manifest

    @cached_property
    def resources(self) -> list[Resource]:
        """Of both stacks."""
        return [resource for stack in (DATA, APP) for resource in self._resources(stack)]

    def of_type(self, type_: str) -> dict[str, Resource]:
        """By path."""
        return {resource.path: resource for resource in self.resources if resource.type == type_}

    def one(self, type_: str) -> Resource:
        (resource,) = self.of_type(type_).values()
        return resource

    @cached_property
    def functions(self) -> dict[str, Resource]:
        """By the name under which they log, which is that of their folder below functions/."""
        found = self.of_type("AWS::Lambda::Function").values()
        return {each.properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]: each for each in found}

    def environment(self, function: str) -> dict[str, str]:
        variables: dict[str, str] = self.functions[function].properties["Environment"]["Variables"]
        return variables

    def outputs(self, stack: str) -> dict[str, Any]:
        """Those that the app names; CDK adds exports of its own."""
        template = self.raw(stack)
        found = template["Outputs"].items()
        return {name: self._plain(stack, output["Value"]) for name, output in found if "Export" not in output}

    def _resources(self, stack: str) -> Iterator[Resource]:
        for logical_id, definition in self.raw(stack)["Resources"].items():
            yield Resource(
                path=self._paths[stack][logical_id],
                type=definition["Type"],
                properties=self._plain(stack, definition.get("Properties", {})),
                definition=definition,
            )

    @cached_property
    def _paths(self) -> dict[str, dict[str, str]]:
        return {
            stack: {
                logical_id: definition["Metadata"]["aws:cdk:path"].removeprefix(f"{stack}/").removesuffix("/Resource")
                for logical_id, definition in self.raw(stack)["Resources"].items()
            }
            for stack in (DATA, APP)
        }

    @cached_property
    def _exports(self) -> dict[str, Any]:
        outputs = self.raw(DATA)["Outputs"].values()
        return {
            output["Export"]["Name"]: self._plain(DATA, output["Value"]) for output in outputs if "Export" in output
        }

    def _plain(self, stack: str, value: Any) -> Any:
        match value:
            case {"Ref": str(name)}:
                plain: Any = f"{{{self._paths[stack].get(name, name.removeprefix('AWS::'))}}}"
            case {"Fn::GetAtt": [str(name), attribute]}:
                plain = f"{{{self._paths[stack][name]}.{attribute}}}"
            case {"Fn::ImportValue": str(name)}:
                plain = self._exports[name]
            case {"Fn::Join": [str(between), list(parts)]}:
                each = [self._plain(stack, part) for part in parts]  # of the ARN of an alias, some is worked out later
                plain = between.join(part if isinstance(part, str) else json.dumps(part) for part in each)
            case dict():
                plain = {name: self._plain(stack, part) for name, part in value.items()}
            case list():
                plain = [self._plain(stack, part) for part in value]
            case _:
                plain = value
        return plain


def configured(**choices: Any) -> dict[str, Any]:
    """The context of cdk.json with some values chosen differently, as `-c` does it; without the web app, which these
    tests do not need built.
    """
    context: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text())["context"]
    return {**context, "webApp": "", "aws:cdk:enable-path-metadata": True, **choices}


def app_of(folder: Path, *, entities: Sequence[Entity] = ENTITIES, **choices: Any) -> App:
    """The app, to be synthesised in this process: a tenth of what a process of its own takes.

    CDK is imported here: it takes seconds, and a Node, which workers that only collect these tests do without.
    """
    from aws_cdk import App  # noqa: PLC0415

    from infra.app_stack import AppStack  # noqa: PLC0415
    from infra.data_stack import DataStack  # noqa: PLC0415

    app = App(context=configured(**choices), outdir=str(folder))
    configuration = Configuration.read(app.node.try_get_context)
    data = DataStack(app, DATA, configuration=configuration)
    served = AppStack(app, APP, configuration=configuration, data=data, entities=entities)
    if configuration.serves_web_app:
        from infra.web_stack import WebStack  # noqa: PLC0415

        WebStack(app, WEB, data=data, app=served, built=configuration.web_app(), domain=configuration.domain)
    return app


def synthesise(folder: Path, *, entities: Sequence[Entity] = ENTITIES, **choices: Any) -> Assembly:
    app_of(folder, entities=entities, **choices).synth()
    return Assembly(folder)


def synthesise_offline(folder: Path, **choices: Any) -> Assembly:
    """Runs the app as the CLI does, but without AWS credentials and without a network."""
    subprocess.run(
        [*_without_network(), sys.executable, "app.py"],
        cwd=ROOT,
        env=_bare_environment(folder, configured(**choices)),
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return Assembly(folder)


def _bare_environment(folder: Path, context: Mapping[str, Any]) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],  # where CDK unpacks itself once for all runs
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "HTTP_PROXY": NOWHERE,
        "HTTPS_PROXY": NOWHERE,
        "UV_OFFLINE": "1",
        "CDK_OUTDIR": str(folder),
        "CDK_CONTEXT_JSON": json.dumps(context),
    }


def _without_network() -> list[str]:
    """Where Linux lets us, a network of its own with nothing in it: not everything honours a proxy."""
    command = ["unshare", "--map-root-user", "--net"]
    allowed = (
        shutil.which("unshare") and not subprocess.run([*command, "true"], check=False, capture_output=True).returncode
    )
    return command if allowed else []
