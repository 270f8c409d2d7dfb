"""Deploying again, with whatever settings, takes nothing away: no data, and no address that somebody knows.

CloudFormation replaces a resource whose logical id is new, or one of whose properties can only be set as it is made;
cfn-lint brings AWS's own description of these.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from infra.configuration import Configuration
from tests.infra.assembly import APP, DATA, Assembly, configured, synthesise
from tests.infra.conftest import ORIGIN, OTHER_CHOICES

# Beside what cfn-lint calls stateful: what clients have the ids of.
KNOWN_TO_CLIENTS = {"AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage", "AWS::Cognito::UserPoolClient"}

# DynamoDB refuses a change of these.
FOR_EVER = {"AWS::DynamoDB::Table": {"LocalSecondaryIndexes"}}

Template = dict[str, Any]


@pytest.fixture(scope="session")
def again(aws: Assembly, tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    """The same as `aws`, of another process."""
    return synthesise(tmp_path_factory.mktemp("again"), target="aws", origins=ORIGIN)


@pytest.mark.parametrize("stack", [DATA, APP])
def test_a_second_deployment_of_the_same_changes_nothing(aws: Assembly, again: Assembly, stack: str):
    assert again.raw(stack) == aws.raw(stack)


@pytest.mark.parametrize("changed", ["elsewhere", "more"])
@pytest.mark.parametrize("stack", [DATA, APP])
def test_another_choice_of_everything_replaces_nothing(
    aws: Assembly, stack: str, changed: str, request: pytest.FixtureRequest
):
    before, after = aws.raw(stack), request.getfixturevalue(changed).raw(stack)

    assert kept(before)
    # But for the log of the function that is chosen away.
    assert [each for each in replaced(before, after) if not each.startswith("FastLaneLogs")] == []


@pytest.mark.parametrize("stack", [DATA, APP])
def test_no_choice_takes_away_what_another_stack_still_imports_when_this_one_is_deployed(
    aws: Assembly, elsewhere: Assembly, stack: str
):
    """CloudFormation refuses that, and so the deployment. `aws` has no web app, `elsewhere` an issuer of its own."""
    assert exported(aws.raw(stack)) == exported(elsewhere.raw(stack)) != set()


def test_tables_and_people_are_exported_whether_another_stack_asks_for_them_or_not(aws: Assembly, tmp_path: Path):
    """As with an issuer of its own and without a web app, for which nobody asks for the pool."""
    from aws_cdk import App  # noqa: PLC0415 - see `app_of`

    from infra.data_stack import DataStack  # noqa: PLC0415

    app = App(context=configured(**OTHER_CHOICES), outdir=str(tmp_path))
    DataStack(app, DATA, configuration=Configuration.read(app.node.try_get_context))
    app.synth()
    alone = exported(Assembly(tmp_path).raw(DATA))

    assert {name for name in exported(aws.raw(DATA)) if "FilesBucket" not in name} <= alone


def exported(template: Template) -> set[str]:
    return {output["Export"]["Name"] for output in template["Outputs"].values() if "Export" in output}


def test_everything_that_can_be_chosen_was_chosen_otherwise():
    choices = {name for name in configured() if not name.startswith(("@", "aws:"))}

    by_other_tests = {"target", "accountLogRole", "jwksUrl", "watchSocketMessages", "webApp"}
    by_other_tests |= {"webDomain", "webCertificateArn"}
    assert choices - OTHER_CHOICES.keys() == by_other_tests
    assert not [name for name in OTHER_CHOICES if str(configured()[name]) == OTHER_CHOICES[name]]


def test_what_holds_data_is_not_even_changed(aws: Assembly, elsewhere: Assembly):
    before, after = kept(aws.raw(DATA)), kept(elsewhere.raw(DATA))
    for each in [*before.values(), *after.values()]:
        if each["Type"] == "AWS::S3::Bucket":
            each["Properties"].pop("CorsConfiguration")  # which pages may ask is no part of what it holds
    assert after == before


def test_what_is_kept_is_all_that_holds_something(aws: Assembly):
    kinds = {
        resource["Type"].removeprefix("AWS::") for stack in (DATA, APP) for resource in kept(aws.raw(stack)).values()
    }

    assert kinds == {
        "DynamoDB::Table",
        "S3::Bucket",
        "Cognito::UserPool",
        "Cognito::UserPoolClient",
        "SQS::Queue",
        "Logs::LogGroup",
        "ApiGatewayV2::Api",
        "ApiGatewayV2::Stage",
    }


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("DynamoDB::Table", "TableName", "other"),
        ("DynamoDB::Table", "KeySchema", [{"AttributeName": "pk", "KeyType": "HASH"}]),
        ("DynamoDB::Table", "LocalSecondaryIndexes", []),
        ("Cognito::UserPoolClient", "GenerateSecret", True),
        ("SQS::Queue", "FifoQueue", "other"),
        ("Logs::LogGroup", "LogGroupName", "other"),
        ("ApiGatewayV2::Api", "ProtocolType", "OTHER"),
        ("ApiGatewayV2::Stage", "StageName", "other"),
    ],
)
def test_a_property_that_is_set_once_is_seen_to_change(aws: Assembly, kind: str, name: str, value: Any):
    before = {"Resources": {**aws.raw(DATA)["Resources"], **aws.raw(APP)["Resources"]}}
    of_kind = [id_ for id_, resource in before["Resources"].items() if resource["Type"] == f"AWS::{kind}"]
    for id_ in of_kind:
        after = copy.deepcopy(before)
        after["Resources"][id_]["Properties"][name] = value
        assert [*replaced(before, after)] == [f"{id_}: {name}"]


def test_a_resource_of_another_logical_id_is_another_resource(aws: Assembly):
    before = aws.raw(DATA)
    after = copy.deepcopy(before)
    (id_, *_) = kept(before)
    after["Resources"]["Other"] = after["Resources"].pop(id_)

    assert [*replaced(before, after)] == [f"{id_} is gone"]


def replaced(before: Template, after: Template) -> Iterator[str]:
    """Which of the resources that hold something would not outlive a deployment of `after`, and why."""
    for id_, resource in kept(before).items():
        other = after["Resources"].get(id_)
        if other is None or other["Type"] != resource["Type"]:
            yield f"{id_} is gone"
            continue
        for name in sorted(set_once(resource["Type"])):
            if other["Properties"].get(name) != resource["Properties"].get(name):
                yield f"{id_}: {name}"


def kept(template: Template) -> dict[str, Any]:
    """By logical id."""
    kinds = stateful() | KNOWN_TO_CLIENTS
    return {id_: resource for id_, resource in template["Resources"].items() if resource["Type"] in kinds}


@cache
def stateful() -> set[str]:
    return set(_of_cfn_lint("AdditionalSpecs", "StatefulResources.json")["ResourceTypes"])


@cache
def set_once(kind: str) -> set[str]:
    """The properties with whose change a resource is replaced, always or sometimes."""
    files = _of_cfn_lint("schemas", "providers", "us-east-1.json")
    schema = _of_cfn_lint("schemas", "resources", f"{files[kind]}.json")
    paths = schema.get("createOnlyProperties", []) + schema.get("conditionalCreateOnlyProperties", [])
    return {path.split("/")[2] for path in paths} | FOR_EVER.get(kind, set())


def _of_cfn_lint(*path: str) -> Any:
    """Read, not imported, which takes it six seconds."""
    found = find_spec("cfnlint")
    assert found is not None
    assert found.origin is not None
    return json.loads(Path(found.origin).with_name("data").joinpath(*path).read_text())
