from __future__ import annotations

from infra.model_access import model_statements

MODEL = "anthropic.claude-sonnet-4-5-20250929-v1:0"
PLACE = {"region": "us-east-1", "account": "111122223333"}


def test_a_foundation_model_is_the_only_one_that_may_be_asked():
    assert model_statements(MODEL, **PLACE) == [
        {
            "Effect": "Allow",
            "Action": "bedrock:InvokeModel",
            "Resource": [f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"],
        }
    ]


def test_a_profile_may_be_asked_and_its_model_in_each_of_its_regions_through_it_alone():
    profile, models = model_statements(f"us.{MODEL}", **PLACE, destinations=["us-east-1", "us-west-2"])
    arn = f"arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.{MODEL}"
    assert profile["Resource"] == [arn]
    assert models["Resource"] == [
        f"arn:aws:bedrock:{region}::foundation-model/{MODEL}" for region in ("us-east-1", "us-west-2")
    ]
    assert models["Condition"] == {"StringEquals": {"bedrock:InferenceProfileArn": arn}}


def test_a_global_profile_needs_its_model_here_and_everywhere():
    _, models = model_statements(f"global.{MODEL}", **PLACE)
    assert models["Resource"] == [
        f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}", f"arn:aws:bedrock:::foundation-model/{MODEL}",
    ]  # fmt: skip


def test_other_partitions_have_their_own_names():
    (statement,) = model_statements(MODEL, region="us-gov-west-1", account="1", partition="aws-us-gov")
    assert statement["Resource"] == [f"arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/{MODEL}"]
