"""Other people's rules, and what this app answers to them."""

import json
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

from openhouse.settings import AuthorizerSettings, SocketApiSettings
from tests.infra.assembly import APP, DATA, Assembly
from tests.infra.conftest import KEY, SECRET
from tests.infra.test_permissions import allowed


def test_every_finding_of_cdk_nag_is_accepted_with_a_reason_and_no_acceptance_is_stale(elsewhere: Assembly):
    from infra.accepted_findings import ACCEPTED  # noqa: PLC0415 - see `app_of`

    (report,) = json.loads((elsewhere.folder / "validation-report.json").read_text())["pluginReports"]
    findings = {
        (violation["ruleName"], construct["constructPath"])
        for violation in report["violations"]
        for construct in violation["violatingConstructs"]
    }

    def answers(finding: tuple[str, str]) -> list[str]:
        rule, path = finding
        return [each.why for each in ACCEPTED if each.finding == rule and fnmatchcase(path, each.where)]

    assert report["pluginName"] == "AwsSolutions"
    assert findings
    assert not [finding for finding in findings if not answers(finding)]
    assert {why for finding in findings for why in answers(finding)} == {each.why for each in ACCEPTED}


def test_cfn_lint_has_nothing_to_say_of_any_region_but_that_china_has_no_user_pools(aws: Assembly):
    lint = subprocess.run(
        [
            str(Path(sys.executable).with_name("cfn-lint")),
            "--ignore-checks",
            "W3005",  # CDK writes down a function's dependency on its role even though it already refers to it
            "--regions",
            "ALL_REGIONS",
            "--format",
            "json",
            "--",
            *(str(aws.template_file(stack)) for stack in (DATA, APP)),
        ],
        check=False,
        capture_output=True,
        text=True,
    )

    assert lint.stderr == ""
    assert {finding["Message"] for finding in json.loads(lint.stdout)} == {
        f"Resource type 'AWS::Cognito::{kind}' does not exist in '{region}'"
        for kind in ("UserPool", "UserPoolClient")
        for region in ("cn-north-1", "cn-northwest-1")
    }


def test_another_issuers_tokens_are_verified_with_its_secret(elsewhere: Assembly):
    loaded = AuthorizerSettings.load(elsewhere.environment("authorizer"))

    assert loaded.token_issuer == "https://login.example.com"
    assert loaded.token_audience == "crm"
    assert loaded.token_algorithms == ("HS256",)
    assert loaded.hs256_secret_arn == SECRET
    assert not loaded.jwks_url
    assert loaded.trust_claims
    assert SocketApiSettings.load(elsewhere.environment("socket")).trust_claims


def test_only_the_authorizer_may_read_that_secret_and_no_other(elsewhere: Assembly):
    readers = {
        (role, resource)
        for role in elsewhere.of_type("AWS::IAM::Role")
        for action, resource in allowed(elsewhere, role)
        if action.startswith(("secretsmanager:", "kms:"))
    }

    assert readers == {("AuthorizerRole", SECRET), ("AuthorizerRole", KEY)}


def test_only_the_streams_function_is_kept_free_for_whatever_requests_come_in(elsewhere: Assembly):
    reserved = {
        name: function.properties.get("ReservedConcurrentExecutions") for name, function in elsewhere.functions.items()
    }
    assert {name: many for name, many in reserved.items() if many} == {"fanout": 8}


def test_without_the_fast_lane_nothing_of_it_is_deployed(elsewhere: Assembly):
    assert "fast_lane" not in elsewhere.functions
    assert {
        grant
        for role in elsewhere.of_type("AWS::IAM::Role")
        for grant in allowed(elsewhere, role)
        if grant[0].startswith("lambda:")
    } == {
        ("lambda:InvokeFunction", f"{{{name}.Arn}}")
        for name in ("TaskStep", "TaskWatch", "FileEnds", "Mornings", "Canary")
    }
    assert elsewhere.environment("crm")["FAST_LANE_FUNCTION"] == ""
    assert elsewhere.environment("fanout")["FAST_LANE"] == "0"


def test_the_origins_of_a_deployment_are_exactly_the_configured_ones(elsewhere: Assembly):
    cors = elsewhere.of_type("AWS::ApiGatewayV2::Api")["Http/Api"].properties["CorsConfiguration"]

    assert cors["AllowOrigins"] == ["https://crm.example.com", "https://staging.example.com:8443"]


def test_the_cli_runs_the_app_with_the_python_of_the_path(tmp_path: Path):
    document = json.loads((Path(__file__).parents[2] / "cdk.json").read_text())

    assert document["app"] == "python3 app.py"
    assert document["versionReporting"] is False  # nothing in the templates but our own resources


def test_what_is_started_ahead_is_a_version_behind_an_alias_and_that_is_called(elsewhere: Assembly):
    resources = elsewhere.raw(APP)["Resources"]

    def of_type(kind: str) -> dict[str, str]:
        return {name: json.dumps(each["Properties"]) for name, each in resources.items() if each["Type"] == kind}

    (crm, crms), (fanout, fanouts) = sorted(of_type("AWS::Lambda::Alias").items())
    assert crm.startswith("CrmLive")
    assert '"ProvisionedConcurrentExecutions": 2' in crms
    assert fanout.startswith("FanoutLive")
    assert '"ProvisionedConcurrentExecutions": 1' in fanouts
    assert any(fanout in mapping for mapping in of_type("AWS::Lambda::EventSourceMapping").values())
    assert any(crm in integration for integration in of_type("AWS::ApiGatewayV2::Integration").values())
