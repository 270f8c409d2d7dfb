"""The pipeline: who may take its roles, what these may do, and the example of a workflow that takes them."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.assembly import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "deploy.yml"
ISSUER = "token.actions.githubusercontent.com"


def template(folder: Path, *, makes_provider: bool) -> dict[str, Any]:
    from aws_cdk import App  # noqa: PLC0415 - it takes seconds

    from infra.pipeline_stack import PipelineStack, read  # noqa: PLC0415

    context = {
        "repository": "acme/openhouse",
        "environment": "production",
        "tables": "main,records",
        "filesBucket": "files",
        "userPoolId": "us-east-1_pool",
        "socketApiId": "ws1",
        "makesProvider": str(makes_provider).lower(),
    }
    app = App(context=context, outdir=str(folder))
    trusted, examined, made = read(app)
    PipelineStack(app, "Openhouse-Pipeline", trusted=trusted, examined=examined, makes_provider=made)
    app.synth()
    found: dict[str, Any] = json.loads((folder / "Openhouse-Pipeline.template.json").read_text())
    return found


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return template(tmp_path_factory.mktemp("pipeline"), makes_provider=True)


def roles(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {name: each for name, each in made["Resources"].items() if each["Type"] == "AWS::IAM::Role"}
    return {"deploy" if name.startswith("Deploy") else "smoke": each["Properties"] for name, each in found.items()}


def allowed(role: dict[str, Any]) -> dict[str, list[str]]:
    """Resources by action, with `*` for what only AWS knows."""
    ((policy,),) = [[each["PolicyDocument"] for each in role["Policies"]]]
    found: dict[str, list[str]] = {}
    for statement in policy["Statement"]:
        assert statement["Effect"] == "Allow"
        actions, resources = (
            value if isinstance(value, list) else [value] for value in (statement["Action"], statement["Resource"])
        )
        for action in actions:
            found.setdefault(action, []).extend(map(plain, resources))
    return found


def plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        return "".join(map(plain, value["Fn::Join"][1]))
    return {"AWS::Partition": "aws", "AWS::Region": "REGION", "AWS::AccountId": "ACCOUNT"}[value["Ref"]]


def test_only_jobs_of_that_repository_in_that_environment_take_the_roles(made: dict[str, Any]):
    for role in roles(made).values():
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
        assert plain(statement["Principal"]["Federated"]) == f"arn:aws:iam::ACCOUNT:oidc-provider/{ISSUER}"
        assert statement["Condition"]["StringEquals"] == {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:repository": "acme/openhouse",
            f"{ISSUER}:environment": "production",
        }
        assert role["MaxSessionDuration"] == 3600


@pytest.mark.parametrize(
    ("subject", "may"),
    [
        ("repo:acme/openhouse:environment:production", True),
        ("repo:acme@123456/openhouse@456789:environment:production", True),  # as of one that was made since July 2026
        ("repo:acme/openhouse:ref:refs/heads/main", False),
        ("repo:acme/openhouse:environment:staging", False),
        ("repo:acme@123456/openhouse@456789:environment:staging", False),
        ("repo:acme/other:environment:production", False),
        ("repo:acme@123456/other@456789:environment:production", False),
        ("repo:acme-evil@1/openhouse@2:environment:production", False),
        ("repo:evil/openhouse:environment:production", False),
    ],
)
def test_a_subject_is_taken_with_the_ids_of_owner_and_repository_and_without(
    made: dict[str, Any], subject: str, may: bool
):
    for role in roles(made).values():
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        patterns = statement["Condition"]["StringLike"][f"{ISSUER}:sub"]
        assert any(fnmatchcase(subject, pattern) for pattern in patterns) is may


def test_the_one_that_deploys_takes_the_roles_of_cdks_bootstrap_and_reads_what_make_deploy_asks(made: dict[str, Any]):
    may = allowed(roles(made)["deploy"])
    assert may.pop("sts:AssumeRole") == [
        f"arn:aws:iam::ACCOUNT:role/cdk-hnb659fds-{role}-role-ACCOUNT-REGION"
        for role in ("deploy", "file-publishing", "lookup")
    ]
    assert may.keys() == {
        "cloudformation:DescribeStacks",
        "lambda:GetAccountSettings",
        "servicequotas:GetServiceQuota",
        "servicequotas:GetAWSDefaultServiceQuota",
        "apigateway:GET",
        "acm:ListCertificates",
    }
    assert may["apigateway:GET"] == ["arn:aws:apigateway:REGION::/account"]


def test_the_one_that_examines_reaches_the_deployments_tables_files_pool_and_sockets_and_nothing_else(
    made: dict[str, Any],
):
    may = allowed(roles(made)["smoke"])
    tables = [f"arn:aws:dynamodb:REGION:ACCOUNT:table/{name}" for name in ("main", "records")]
    pool = ["arn:aws:cognito-idp:REGION:ACCOUNT:userpool/us-east-1_pool"]
    by_service: dict[str, list[list[str]]] = {}
    for action, resources in may.items():
        by_service.setdefault(action.partition(":")[0], []).append(resources)
    assert all(resources == tables for resources in by_service.pop("dynamodb"))
    assert all(resources == pool for resources in by_service.pop("cognito-idp"))
    assert may["s3:ListBucketVersions"] == ["arn:aws:s3:::files"]
    assert may["s3:DeleteObjectVersion"] == ["arn:aws:s3:::files/*"]
    assert len(by_service.pop("s3")) == 2
    assert may["apigateway:GET"] == ["arn:aws:apigateway:REGION::/account"]
    assert len(by_service.pop("apigateway")) == 1
    assert by_service.pop("execute-api") == [["arn:aws:execute-api:REGION:ACCOUNT:ws1/live/*"]]
    assert by_service.keys() == {"cloudformation", "lambda", "servicequotas"}
    assert not any("*" in action for action in may)
    assert "sts:AssumeRole" not in may


def test_github_is_made_known_to_the_account_unless_it_is_and_stays_known(made: dict[str, Any], tmp_path: Path):
    (provider,) = (each for each in made["Resources"].values() if each["Type"] == "AWS::IAM::OIDCProvider")
    assert provider["Properties"] == {"ClientIdList": ["sts.amazonaws.com"], "Url": f"https://{ISSUER}"}
    assert provider["DeletionPolicy"] == "Retain"
    other = template(tmp_path, makes_provider=False)
    assert {each["Type"] for each in other["Resources"].values()} == {"AWS::IAM::Role"}
    outputs = [each["Outputs"]["MadeProvider"]["Value"] for each in (made, other)]
    assert outputs == ["true", "false"]


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(WORKFLOW.read_text())["jobs"]["deploy"]["steps"]
    return found


def test_the_workflow_has_no_key_and_runs_nothing_that_could_change_under_its_name():
    text = WORKFLOW.read_text()
    assert "secrets." not in text
    assert "aws-access-key-id" not in text
    used = [step["uses"] for step in steps() if "uses" in step]
    assert len(used) == 4
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", each) for each in used)
    assert yaml.safe_load(text)["permissions"] == {"contents": "read", "id-token": "write"}
    assert yaml.safe_load(text)["jobs"]["deploy"]["environment"] == "production"


def test_the_workflow_deploys_by_one_role_and_examines_by_the_other_at_its_end():
    taken = [step["with"]["role-to-assume"] for step in steps() if "role-to-assume" in step.get("with", {})]
    assert taken == ["${{ vars.OPENHOUSE_DEPLOY_ROLE }}", "${{ vars.OPENHOUSE_SMOKE_ROLE }}"]
    ran = [step["run"] for step in steps() if "run" in step]
    assert ran == [
        "make deploy DEPLOY_OPTIONS='--require-approval never'",
        ".venv/bin/openhouse doctor --json",
    ]
    assert steps()[-1]["run"] == ran[-1]
