"""What a function must be allowed to ask a language model at Bedrock. Knows nothing of CDK.

Converse needs `bedrock:InvokeModel`. Whoever asks an inference profile needs it for the profile, and for the model in
each region that the profile sends to: there, only through the profile.
https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

ACTION = "bedrock:InvokeModel"
_GLOBAL = "global."


def model_statements(
    model_id: str, *, region: str, account: str, destinations: Sequence[str] = (), partition: str = "aws"
) -> list[dict[str, Any]]:
    """IAM statements. `destinations`: the regions that an inference profile sends to; none for a model of `region`."""
    if not destinations and not model_id.startswith(_GLOBAL):
        return [_allow([f"arn:{partition}:bedrock:{region}::foundation-model/{model_id}"])]
    profile = f"arn:{partition}:bedrock:{region}:{account}:inference-profile/{model_id}"
    _geography, _, model = model_id.partition(".")
    regions = [region, ""] if model_id.startswith(_GLOBAL) else [*destinations]
    models = [f"arn:{partition}:bedrock:{each}::foundation-model/{model}" for each in dict.fromkeys(regions)]
    return [_allow([profile]), _allow(models, {"StringEquals": {"bedrock:InferenceProfileArn": profile}})]


def _allow(resources: list[str], condition: dict[str, Any] | None = None) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Allow", "Action": ACTION, "Resource": resources}
    return {**statement, "Condition": condition} if condition else statement
