from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from openhouse.language.engine import Engine
from openhouse.language.engines import engine_of
from openhouse.settings import LanguageSettings
from tests.functional.language.converse_server import ConverseServer, serving
from tests.memory_allowance import MemoryAllowance

MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ConverseServer]:
    with serving() as server:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": server.url,
        }.items():
            monkeypatch.setenv(name, value)
        yield server
        assert not server.complaints, "a request was refused that AWS would refuse, too"


@pytest.fixture
def allowance() -> MemoryAllowance:
    return MemoryAllowance()


@pytest.fixture
def bedrock(server: ConverseServer, allowance: MemoryAllowance) -> Engine:
    return engine(allowance)


def engine(allowance: MemoryAllowance, *, model_seconds: int = 5, model_tokens_per_day: int = 1_000_000) -> Engine:
    settings = LanguageSettings(
        bedrock_model_id=MODEL, bedrock_region="us-west-2", model_seconds=model_seconds,
        model_tokens_per_day=model_tokens_per_day,
    )  # fmt: skip
    numbers = count()
    return engine_of(settings, allowance, lambda: f"call-{next(numbers)}")
