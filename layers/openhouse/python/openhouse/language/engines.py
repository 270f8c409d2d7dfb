"""Which engine a deployment has."""

from __future__ import annotations

from collections.abc import Callable

from openhouse import aws
from openhouse.language.bedrock.allowance import Allowance, Prices, Spending
from openhouse.language.bedrock.converse import Converse
from openhouse.language.bedrock.engine import BedrockEngine
from openhouse.language.engine import Engine
from openhouse.language.rules.engine import RulesEngine
from openhouse.settings import LanguageSettings

_MICROCENTS = 1_000_000  # of a cent


def engine_of(settings: LanguageSettings, allowance: Allowance, new_id: Callable[[], str]) -> Engine:
    """Bedrock's if a model is named, else the embedded one."""
    if not settings.bedrock_model_id:
        return RulesEngine()
    client = aws.patient_client(
        "bedrock-runtime", region=settings.bedrock_region or settings.aws_region, seconds=settings.model_seconds
    )
    return BedrockEngine(
        Converse(client, settings.bedrock_model_id),
        allowance,
        prices=Prices(settings.input_cents_per_million_tokens, settings.output_cents_per_million_tokens),
        limit=Spending(settings.model_tokens_per_day, settings.model_cents_per_day * _MICROCENTS),
        new_id=new_id,
    )
