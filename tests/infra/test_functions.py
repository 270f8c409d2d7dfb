"""What every function has in common, and that it can load what it is given."""

import re
import subprocess
import sys
from importlib import import_module

import pytest

from infra.layers import OPENHOUSE, ROOT, Recipe
from infra.tasks import DEFINITION
from openhouse import settings
from openhouse.crm import bulk
from openhouse.functions import FUNCTIONS
from openhouse.rooms import room_log
from openhouse.tasks import reconciler, steps
from tests.infra.assembly import Assembly
from tests.infra.test_permissions import allowed

SPECS = {spec.name: spec for spec in FUNCTIONS}
NAMES = sorted(folder.parent.name for folder in (ROOT / "functions").glob("*/handler.py"))


def construct(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def test_every_folder_is_a_function_and_every_function_a_folder(aws: Assembly):
    assert sorted(aws.functions) == NAMES == sorted(SPECS)


@pytest.mark.parametrize("name", NAMES)
def test_a_function_runs_on_arm_has_bounds_and_is_traced_where_people_wait_for_it(aws: Assembly, name: str):
    function = aws.functions[name].properties

    assert function["Architectures"] == ["arm64"]
    assert function["Runtime"] == "python3.13"
    assert function["Handler"] == "handler.handler"
    assert function.get("TracingConfig") == ({"Mode": "Active"} if name in ("crm", "directory", "files") else None)
    # Nobody waits so long, and whatever hangs costs until then. Of mornings there is one for all people of a time zone.
    assert function["Timeout"] <= (900 if name == "mornings" else 120)
    assert 128 < function["MemorySize"] <= 1769  # with the least, a cold start takes seconds; more is more than one CPU
    more = ["{Layers/Tasks}"] if name == "task_step" else []
    assert function["Layers"] == ["{Layers/Dependencies}", "{Layers/Openhouse}", *more]


@pytest.mark.parametrize(
    ("name", "seconds"), [("authorizer", 10), ("crm", 29), ("files", 29), ("directory", 29), ("socket", 29)]
)
def test_a_function_gives_up_before_api_gateway_does(aws: Assembly, name: str, seconds: int):
    assert aws.functions[name].properties["Timeout"] <= seconds


def test_a_part_of_a_task_ends_before_its_function_does_and_that_before_the_state_machine_gives_it_up(aws: Assembly):
    timeout = aws.functions["task_step"].properties["Timeout"]

    assert timeout >= steps.STEP_SECONDS + room_log.RETRY_SECONDS + 5
    assert timeout + 10 <= DEFINITION["States"]["Step"]["TimeoutSeconds"]
    assert aws.functions["task_watch"].properties["Timeout"] >= reconciler.SECONDS + room_log.RETRY_SECONDS + 5


def test_a_bulk_request_ends_before_its_function_does(aws: Assembly):
    seconds = bulk.SECONDS + room_log.RETRY_SECONDS  # its last part may begin at the last moment, and be retried

    assert aws.functions["crm"].properties["Timeout"] >= seconds + 2


@pytest.mark.parametrize("name", NAMES)
def test_a_function_logs_json_into_a_group_of_its_own_that_forgets_after_a_month(aws: Assembly, name: str):
    logging = aws.functions[name].properties["LoggingConfig"]
    group = aws.of_type("AWS::Logs::LogGroup")[f"{construct(name)}Logs"]

    # Lambda's own lines of each call, which are two, are of INFO; what went wrong is of WARN.
    assert logging == {
        "LogFormat": "JSON",
        "LogGroup": f"{{{group.path}}}",
        "ApplicationLogLevel": "INFO",
        "SystemLogLevel": "WARN",
    }
    assert group.properties["RetentionInDays"] == 30


@pytest.mark.parametrize("name", NAMES)
def test_a_functions_environment_is_what_its_settings_load(aws: Assembly, name: str):
    environment = aws.environment(name)
    powertools = {key: environment.pop(key) for key in [*environment] if key.startswith("POWERTOOLS_")}

    assert SPECS[name].settings.load(environment).environment() == environment
    assert powertools == {
        "POWERTOOLS_SERVICE_NAME": name,
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }


def test_a_function_that_sends_to_its_own_queue_is_not_taken_for_a_loop_that_went_wrong(aws: Assembly):
    """After sixteen turns Lambda would end it: a chain of timers, or one that is due in half a day."""
    fed = {
        (each.properties["EventSourceArn"], each.properties["FunctionName"])
        for each in aws.of_type("AWS::Lambda::EventSourceMapping").values()
    }
    sending = {
        (resource, f"{{{role.removesuffix('Role')}}}")
        for role in aws.of_type("AWS::IAM::Role")
        for action, resource in allowed(aws, role)
        if action == "sqs:SendMessage"
    }
    loops = {function for _, function in fed & sending}

    assert loops == {"{Timers}"}
    assert {f"{{{each.path}}}": each.properties.get("RecursiveLoop") for each in aws.functions.values()} == {
        f"{{{each.path}}}": "Allow" if f"{{{each.path}}}" in loops else None for each in aws.functions.values()
    }


def test_tokens_are_those_of_the_stacks_own_pool_unless_configured_otherwise(aws: Assembly):
    loaded = settings.AuthorizerSettings.load(aws.environment("authorizer"))

    assert loaded.token_issuer == "https://cognito-idp.{Region}.{URLSuffix}/{SignIn/Users}"
    assert loaded.token_audience == "{SignIn/Users/WebClient}"
    assert loaded.token_algorithms == ("RS256",)
    assert loaded.jwks_url == f"{loaded.token_issuer}/.well-known/jwks.json"
    assert not loaded.hs256_secret_arn
    assert not loaded.trust_claims


@pytest.mark.parametrize("name", NAMES)
def test_a_function_imports_with_nothing_but_its_layers(local: Assembly, local_layer: Recipe, name: str):
    layers = [OPENHOUSE / "python", local_layer.folder / "python"]
    path = [str(part) for part in (ROOT / "functions" / name, *layers)]

    # Isolated and without site-packages: what the layer lacks cannot come from this virtual environment.
    imported = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path[:0] = {path!r}; import handler; print(handler.handler)",
        ],
        env={
            **{key: named(value) for key, value in local.environment(name).items()},
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
        },
        check=False,
        capture_output=True,
        text=True,
    )

    assert imported.returncode == 0, imported.stderr


def test_the_proof_above_would_notice_a_missing_package(local_layer: Recipe):
    assert import_module("pytest")

    imported = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path[:0] = [{str(local_layer.folder / 'python')!r}]; import botocore, pytest",
        ],
        check=False,
        capture_output=True,
        text=True,
    )

    assert "No module named 'pytest'" in imported.stderr


def named(value: str) -> str:
    """`{Sockets/Api}` as a name that CloudFormation might have given it."""
    return re.sub(r"\{([^}]*)\}", lambda found: found[1].replace("/", "-").lower(), value)
