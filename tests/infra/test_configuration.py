"""What a deployment may choose, and how it is told that it chose wrongly."""

import json
import re
from typing import Any

import pytest

from deployed import ROOT
from infra.configuration import Configuration
from infra.configuration_error import ConfigurationError
from infra.issuer import Issuer
from infra.language_model import LanguageModel
from infra.restored_tables import RestoredTables, table_arn
from tests.infra.assembly import configured

SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:crm-AbCdEf"
ISSUER = {"issuer": "https://login.example.com", "audience": "crm", "jwksUrl": "https://login.example.com/keys"}


def read(**choices: Any) -> Configuration:
    return Configuration.read(configured(**choices).get)


def test_every_choice_of_cdk_json_is_in_the_runbook():
    choices = json.loads((ROOT / "cdk.json").read_text())["context"]
    of_operators = {
        name for name in choices if not name.startswith(("@aws-cdk/", "languageModel")) and name != "target"
    }
    rows = re.findall(
        r"^\| (`\w+`(?:,? (?:and )?`[\w.]+`)*) \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE
    )
    assert of_operators - set(re.findall(r"`(\w+)`", " ".join(rows))) == set()


def test_cdk_json_as_it_is_deploys_to_aws_with_the_stacks_own_pool():
    assert read() == Configuration(
        target="aws",
        origins=(),
        issuer=None,
        sets_account_log_role=True,
        brokerage_shards=16,
        posts_per_second=8_000,
        requests_per_second=1_000,
        socket_events_per_second=1_000,
        workers=5,
        fanout_concurrency=0,
        authorizer_seconds=300,
        fast_lane=True,
        provisioned={},
        built_web_app="",
        domain=None,
        alarm_topic_arn="",
        canary=True,
        dashboard=True,
        monthly_budget=0,
        ping_seconds=240,
        log_level="INFO",
        system_log_level="WARN",
        watches_messages=False,
        model=None,
        restored=None,
    )


STREAMS = {
    "table": "arn:aws:dynamodb:us-east-1:111122223333:table/a-table/stream/2026-03-02T12:00:00.000",
    "records": "arn:aws:dynamodb:us-east-1:111122223333:table/a-records/stream/2026-03-02T12:00:01.000",
}


def test_restored_tables_are_named_by_their_streams():
    assert read(restoredTables=STREAMS).restored == RestoredTables(**STREAMS)
    assert read(restoredTables=json.dumps(STREAMS)).restored == RestoredTables(**STREAMS)
    assert read(restoredTables="").restored is None
    assert table_arn(STREAMS["table"]) == "arn:aws:dynamodb:us-east-1:111122223333:table/a-table"


TOPIC = "arn:aws:sns:us-east-1:111122223333:operators"


def test_a_budget_needs_somebody_who_is_told():
    assert read(monthlyBudget="50", alarmTopicArn=TOPIC).monthly_budget == 50
    with pytest.raises(ConfigurationError, match="alarmTopicArn"):
        read(monthlyBudget=50)


MODEL = {
    "languageModel": "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "languageModelDestinations": "us-east-1, us-west-2",
}


def test_a_language_model_is_taken_as_written():
    assert read(**MODEL, languageModelRegion="us-west-2", languageModelPrices="100, 500").model == LanguageModel(
        id="us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        region="us-west-2",
        destinations=("us-east-1", "us-west-2"),
        input_cents=100,
        output_cents=500,
        tokens_per_day=1_000_000,
        cents_per_day=500,
    )
    assert read(languageModel="amazon.nova-pro-v1:0").model is not None
    assert read(languageModel="global.anthropic.claude-sonnet-4-5-20250929-v1:0").model is not None


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"languageModelRegion": "us-west-2"}, "belong to a languageModel"),
        ({"languageModel": "arn:aws:bedrock:us-east-1::foundation-model/x"}, "no ARN"),
        ({"languageModel": MODEL["languageModel"]}, "the regions that it sends to"),
        ({**MODEL, "languageModelRegion": "Oregon"}, "is no region"),
        ({**MODEL, "languageModelDestinations": ["us-east-1", "*"]}, "is no region"),
        ({**MODEL, "languageModelPrices": [300]}, "cents for a million tokens"),
        ({**MODEL, "languageModelPrices": "3.5, 4"}, "whole number"),
        ({**MODEL, "languageModelTokensPerDay": -1}, "whole number"),
    ],
    ids=["region", "arn", "destinations", "no region", "wildcard", "prices", "fraction", "tokens"],
)
def test_a_language_model_that_cannot_be_asked_is_refused(choices: dict[str, Any], told: str):
    with pytest.raises(ConfigurationError, match=told):
        read(**choices)


def test_text_from_the_command_line_is_as_good_as_json():
    written = read(origins="https://a.example, https://b.example", accountLogRole="false", target="local")

    assert written.origins == read(origins=["https://a.example", "https://b.example"]).origins
    assert written.sets_account_log_role is False
    assert read(provisionedConcurrency='{"crm": 2}').provisioned == {"crm": 2}
    assert written.retained is False


def test_another_issuer_is_taken_as_written():
    assert read(**ISSUER, trustClaims="true").issuer == Issuer(
        url="https://login.example.com",
        audience="crm",
        jwks_url="https://login.example.com/keys",
        hs256_secret_arn="",
        hs256_key_arn="",
        trust_claims=True,
    )


@pytest.mark.parametrize(
    ("choices", "complaint"),
    [
        ({"target": "azure"}, "target is 'azure': write one of aws, local"),
        ({"provisionedConcurrency": {"crn": 2}}, "write numbers by function"),
        ({"provisionedConcurrency": "2"}, "write numbers by function"),
        ({"provisionedConcurrency": {"crm": -1}}, "write a whole number from 1 to 1000"),
        ({"origins": "*"}, "write scheme, host and port only"),
        ({"origins": "https://*.example.com"}, "write scheme, host and port only"),
        ({"origins": "https://crm.example.com/"}, "write scheme, host and port only"),
        ({"origins": "crm.example.com"}, "write scheme, host and port only"),
        ({"origins": 7}, "write a list, or text with commas"),
        ({"trustClaims": "yes"}, "write true or false"),
        ({"restoredTables": {"table": STREAMS["table"]}}, "the streams of table and records"),
        ({"restoredTables": "{"}, "the streams of table and records"),
        ({"restoredTables": ["a"]}, "the streams of table and records"),
        ({"restoredTables": {**STREAMS, "table": "a-table"}}, "the whole ARN of its stream"),
        ({"restoredTables": {**STREAMS, "records": STREAMS["table"]}}, "the same one"),
        ({"audience": "crm"}, "belong to an issuer"),
        ({"trustClaims": True}, "belong to an issuer"),
        ({**ISSUER, "audience": ""}, "an issuer needs an audience"),
        ({**ISSUER, "hs256SecretArn": SECRET}, "either jwksUrl or hs256SecretArn"),
        ({**ISSUER, "jwksUrl": ""}, "either jwksUrl or hs256SecretArn"),
        ({**ISSUER, "hs256KeyArn": "arn:aws:kms:us-east-1:111122223333:key/k"}, "the key that encrypts hs256SecretArn"),
        (
            {**ISSUER, "jwksUrl": "", "hs256SecretArn": SECRET, "hs256KeyArn": "alias/k"},
            "write the whole ARN of the key",
        ),
        ({**ISSUER, "jwksUrl": "http://login.example.com/keys"}, "only fetched over https"),
        ({**ISSUER, "jwksUrl": "", "hs256SecretArn": "arn:aws:secretsmanager:*"}, "the whole ARN of one secret"),
    ],
)
def test_a_choice_that_cannot_be_deployed_is_refused_with_what_to_write(choices: dict[str, Any], complaint: str):
    with pytest.raises(ConfigurationError, match=complaint):
        read(**choices)
