"""A task over a text as it is deployed where a model is named: the function of steps, DynamoDB, Converse over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from openhouse.functions import TASK_STEP
from openhouse.language.bedrock.allowance import Spending
from openhouse.language.bedrock.table_allowance import TableAllowance
from openhouse.settings import TaskStepSettings
from tests.fakes import AVA
from tests.functional.conftest import BUCKET, TABLES, World
from tests.functional.language.conftest import MODEL
from tests.functional.language.converse_server import USAGE, ConverseServer, Told
from tests.functional.sockets import found
from tests.functional.test_http import call
from tests.functional.test_tasks import begin, read
from tests.functional.texts.support import ESCROW, ZONE, by_noun


@pytest.fixture
def world(dynamodb: Any) -> World:
    world = World(dynamodb)
    world.clock.at = datetime.now(UTC)  # as the function's own
    found(world)
    return world


def steps(**limits: Any) -> Any:
    return TASK_STEP.build(
        TaskStepSettings(
            table_name=TABLES[0],
            records_table_name=TABLES[1],
            timers_url="https://queue/timers",
            files_bucket=BUCKET,
            bedrock_model_id=MODEL,
            bedrock_region="us-west-2",
            model_seconds=5,
            **limits,
        )
    )


def spent(world: World) -> Spending:
    return TableAllowance(world.table).spent("harbor", datetime.now(UTC).date())


def test_a_model_reads_the_text_and_what_it_cost_is_counted(world: World, server: ConverseServer) -> None:
    task = begin(world, "create_from_text", text=ESCROW, timeZone=ZONE)
    (about,) = world.workflows.take()
    assert steps().handle(about) == {"more": False}
    proposed = read(world, task["id"])
    assert proposed["proposal"]["engine"] == "bedrock"
    (request,) = server.requests
    assert (request["requestMetadata"]["brokerage"], request["requestMetadata"]["task"]) == ("harbor", task["id"])
    assert spent(world).tokens == USAGE["totalTokens"]
    assert spent(world).microcents == USAGE["inputTokens"] * 300 + USAGE["outputTokens"] * 1_500

    assert call(world, "POST", f"/tasks/{task['id']}/confirm", who=AVA)[0] == 200
    (about,) = world.workflows.take()
    assert steps().handle(about) == {"more": False}
    assert {"escrow", "client"} <= by_noun(read(world, task["id"])).keys()
    assert len(server.requests) == 1


def test_a_throttled_step_fails_and_the_next_try_goes_on(world: World, server: ConverseServer) -> None:
    server.told = [Told(error="ThrottlingException")]
    task = begin(world, "create_from_text", text=ESCROW, timeZone=ZONE)
    (about,) = world.workflows.take()
    function = steps()
    with pytest.raises(Exception, match="asked too often"):
        function.handle(about)
    assert spent(world) == Spending(0, 0)
    function.handle(about)
    assert read(world, task["id"])["status"] == "proposed"


def test_a_brokerage_that_has_spent_its_day_is_told_so(world: World, server: ConverseServer) -> None:
    task = begin(world, "create_from_text", text=ESCROW, timeZone=ZONE)
    (about,) = world.workflows.take()
    assert steps(model_tokens_per_day=1_000).handle(about) == {"more": False}
    failed = read(world, task["id"])
    assert failed["problem"]["reason"] == "refused"
    assert "try again tomorrow" in failed["problem"]["detail"]
    assert server.requests == []
