"""Which model at Bedrock reads and writes the texts of a deployment, if any does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from infra.configuration_error import ConfigurationError
from infra.context_values import number, text, texts

_MODEL = re.compile(r"[a-z0-9][\w.:-]{0,199}")
_OF_GEOGRAPHIES = ("us.", "us-gov.", "eu.", "apac.", "jp.", "au.", "ca.")  # inference profiles, but `global.`
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


@dataclass(frozen=True, kw_only=True)
class LanguageModel:
    """At Bedrock, for tasks over texts. `id`: of a foundation model, or of an inference profile, which sends what it is
    asked to `destinations`: regions. Limits are of each brokerage and day; prices in cents for a million tokens.
    """

    id: str
    region: str  # in which it is asked; empty for the stack's own
    destinations: tuple[str, ...]
    input_cents: int
    output_cents: int
    tokens_per_day: int
    cents_per_day: int

    @classmethod
    def read(cls, context: Callable[[str], Any]) -> Self | None:
        """Of the context; None if there is none. Raises ConfigurationError."""
        id_, region = text(context("languageModel")), text(context("languageModelRegion"))
        destinations = tuple(texts("languageModelDestinations", context("languageModelDestinations")))
        if not id_:
            if region or destinations:
                raise ConfigurationError("languageModelRegion and languageModelDestinations belong to a languageModel")
            return None
        if not _MODEL.fullmatch(id_):
            raise ConfigurationError(
                f"languageModel is {id_!r}: write the id of a model or an inference profile, no ARN"
            )
        if wrong := [each for each in (region, *destinations) if each and not _REGION.fullmatch(each)]:
            raise ConfigurationError(f"{wrong[0]!r} is no region: write one such as us-east-1")
        if id_.startswith(_OF_GEOGRAPHIES) and not destinations:
            raise ConfigurationError(
                f"languageModel {id_} is an inference profile: "
                "languageModelDestinations names the regions that it sends to"
            )
        prices = [*texts("languageModelPrices", context("languageModelPrices"), of_numbers=True)]
        if len(prices) != 2:
            raise ConfigurationError("languageModelPrices: write cents for a million tokens, of those in and those out")
        return cls(
            id=id_,
            region=region,
            destinations=destinations,
            input_cents=number("languageModelPrices", prices[0], 0, 1_000_000),
            output_cents=number("languageModelPrices", prices[1], 0, 1_000_000),
            tokens_per_day=number("languageModelTokensPerDay", context("languageModelTokensPerDay"), 0, 10**12),
            cents_per_day=number("languageModelCentsPerDay", context("languageModelCentsPerDay"), 0, 10**9),
        )
