"""The state machine of tasks: its definition is one that Step Functions takes, and nothing of it runs for ever."""

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from infra.tasks import DEFINITION
from openhouse.tasks import reconciler
from openhouse.tasks.kinds import KINDS
from tests.infra.assembly import Assembly

ARN = "arn:aws:lambda:us-east-1:111122223333:function:step"


@pytest.fixture(scope="module")
def machine(aws: Assembly) -> dict[str, Any]:
    return aws.of_type("AWS::StepFunctions::StateMachine")["Tasks/Machine"].properties


@pytest.fixture(scope="module")
def definition(machine: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(machine["DefinitionString"])
    return found


@pytest.fixture(scope="module")
def states(definition: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = definition["States"]
    return found


def schema() -> dict[str, Any]:
    """Of the Amazon States Language, as cfn-lint has it."""
    found: dict[str, Any] = json.loads(
        (files("cfnlint") / "data/schemas/other/step_functions/statemachine.json").read_text()
    )
    return found


def test_its_definition_is_one_of_the_states_language(machine: dict[str, Any]):
    validator = jsonschema.Draft202012Validator(schema())
    definition = json.loads(machine["DefinitionString"].replace("${Step}", ARN))

    assert [error.message for error in validator.iter_errors(definition)] == []
    del definition["States"]["Step"]["Resource"]
    assert [*validator.iter_errors(definition)]


def test_its_definition_gets_to_step_functions_as_it_is_written(definition: dict[str, Any]):
    assert definition == DEFINITION


def test_every_state_is_reached_and_leads_to_one_that_there_is(definition: dict[str, Any], states: dict[str, Any]):
    following = {name: set(next_of(state)) for name, state in states.items()}

    assert set().union(*following.values(), {definition["StartAt"]}) == set(states)
    assert {name for name, after in following.items() if not after} == {"Done", "GivenUp"}


def next_of(state: dict[str, Any]) -> list[str]:
    ways = [state, *state.get("Catch", []), *state.get("Choices", []), {"Next": state.get("Default")}]
    return [way["Next"] for way in ways if way.get("Next")]


def test_it_is_a_standard_one_in_jsonpath_that_calls_the_function_of_steps(
    machine: dict[str, Any], definition: dict[str, Any]
):
    assert machine["StateMachineType"] == "STANDARD"
    assert definition["QueryLanguage"] == "JSONPath"
    assert machine["DefinitionSubstitutions"] == {"Step": "{TaskStep.Arn}"}
    assert machine["RoleArn"] == "{Tasks/Role.Arn}"


def test_a_step_that_fails_is_tried_again_and_then_given_up_whatever_the_cause(states: dict[str, Any]):
    step = states["Step"]

    assert [retry["ErrorEquals"] for retry in step["Retry"]] == [["States.ALL"]]
    assert step["Catch"] == [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failed", "Next": "Settle"}]
    assert states["Settle"]["Resource"] == step["Resource"]
    assert states["Settle"]["Retry"] == step["Retry"]


def test_a_task_counts_as_lost_only_when_its_steps_have_been_tried_for_as_long_as_they_are(states: dict[str, Any]):
    step = states["Step"]
    (retry,) = step["Retry"]
    pauses = [
        min(retry["IntervalSeconds"] * retry["BackoffRate"] ** number, retry["MaxDelaySeconds"])
        for number in range(retry["MaxAttempts"])
    ]

    assert (retry["MaxAttempts"] + 1) * step["TimeoutSeconds"] + sum(pauses) < reconciler.LOST.total_seconds()


def test_an_execution_outlives_every_kind_and_no_more(definition: dict[str, Any]):
    longest = max(kind.seconds for kind in KINDS)

    assert longest + reconciler.GRACE.total_seconds() < definition["TimeoutSeconds"] <= 4 * 3_600
