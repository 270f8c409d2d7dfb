"""What the functions are made of, built from the environments that infra gives them."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import boto3
import jwt
import pytest

from openhouse import wiring
from openhouse.api.rest import RestApi
from openhouse.api.sockets import SocketApi
from openhouse.collaboration.canary import Canary, CanaryLost
from openhouse.core.errors import Unauthenticated, UserUnknown
from openhouse.delivery.signing import canonical
from openhouse.function_spec import FunctionSpec
from openhouse.functions import AUTHORIZER, FANOUT_WORKER, FUNCTIONS
from openhouse.identity import authorizer_context
from openhouse.settings import AuthorizerSettings, ShardSettings
from openhouse.storage.keys import entry_key, record_key
from openhouse.storage.marshalling import marshal
from tests.fakes import AVA
from tests.functional.conftest import BUCKET
from tests.functional.test_http import EVENT

SECRET = "a secret of at least thirty-two bytes"
SOCKETS = {
    "TABLE_NAME": "openhouse",
    "RECORDS_TABLE_NAME": "openhouse-records",
    "WEBSOCKET_API_ID": "a1b2c3",
    "WEBSOCKET_STAGE": "live",
    "SHARDS_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/shards.fifo",
    "TIMERS_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/timers",
    "TIMERS_ARN": "arn:aws:sqs:us-east-1:123456789012:timers",
    "SCHEDULE_GROUP": "default",
    "SCHEDULE_ROLE_ARN": "arn:aws:iam::123456789012:role/schedules",
    "FILES_BUCKET": BUCKET,
    "TASKS_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:tasks",
    "FAILURES_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/failures",
}
ISSUER, AUDIENCE = "https://crm.test", "crm"


def _rest(method: str, path: str, status: int) -> Callable[[RestApi], None]:
    def call(api: RestApi) -> None:
        event = copy.deepcopy(EVENT)
        event["rawPath"] = path
        event["requestContext"]["http"].update(method=method, path=path)
        event["requestContext"]["authorizer"]["lambda"] = authorizer_context.context(AVA)
        assert api.handle(event, None)["statusCode"] == status

    return call


def _open(api: SocketApi) -> None:
    who = replace(AVA, expires_at=int(time.time()) + 60)
    api.handle(
        {
            "requestContext": {
                "eventType": "CONNECT",
                "connectionId": "a",
                "authorizer": authorizer_context.socket_context(who),
            }
        }
    )


def _entry() -> dict[str, Any]:
    """What the stream hands over: an entry that holds no commit, which is noted in a queue."""
    keys = {name: {"S": value} for name, value in entry_key("team:north", 1).items()}
    return {"eventName": "INSERT", "dynamodb": {"Keys": keys, "NewImage": keys, "SequenceNumber": "1"}}


def _new_record() -> dict[str, Any]:
    item = marshal({**record_key("team:north", "client", "1"), "id": "1", "last_name": "Hart", "version": 1})
    image = {**item, "created_at": {"S": "2026-03-02T12:00:00.000Z"}}
    keys = {name: item[name] for name in ("pk", "sk")}
    return {"eventName": "INSERT", "dynamodb": {"Keys": keys, "NewImage": image, "SequenceNumber": "1"}}


def _new_appointment() -> dict[str, Any]:
    about = {"status": "scheduled", "archived": False, "all_day": False, "starts_at": "2099-03-02T12:00:00.000Z"}
    image = marshal({**record_key("team:north", "appointment", "1"), **about})
    keys = {name: image[name] for name in ("pk", "sk")}
    return {"eventName": "INSERT", "dynamodb": {"Keys": keys, "NewImage": image, "SequenceNumber": "1"}}


def _sing(canary: Canary) -> None:
    with pytest.raises(CanaryLost, match="did not open"):  # there is no such socket
        canary.sing()


FIRST_CALLS: dict[str, Callable[[Any], None]] = {
    "crm": _rest("GET", "/escrows", 200),
    "files": _rest("GET", "/files/1", 404),
    "file_ends": lambda ends: ends.run(),
    "directory": _rest("POST", "/realtime/tickets", 201),
    "socket": _open,
    "fanout": lambda stream: stream.process([_entry()]),
    "fanout_worker": lambda worker: worker.process([]),
    "fast_lane": lambda lane: lane.process({"commits": []}),
    "word_index": lambda stream: stream.process([_new_record()]),
    "timers": lambda due: due.process([]),
    "task_step": lambda steps: steps.handle({"task": "unknown", "user": "ava", "phase": "plan", "run": 1}),
    "mornings": lambda mornings: mornings.tell(),
    "canary": _sing,
    "task_watch": lambda reconciler: reconciler.look(),
    "reminders": lambda stream: stream.process([_new_appointment()]),
}


@pytest.mark.parametrize("function", [each for each in FUNCTIONS if each is not AUTHORIZER], ids=lambda each: each.name)
def test_a_function_works_with_its_own_settings_alone(dynamodb: Any, function: FunctionSpec[Any, Any]) -> None:
    told = {field.name.upper() for field in fields(function.settings)}
    settings = function.settings.load({name: value for name, value in SOCKETS.items() if name in told})
    FIRST_CALLS[function.name](function.build(settings))


def test_posts_are_signed_for_the_execute_api_host(dynamodb: Any) -> None:
    worker: Any = FANOUT_WORKER.build(ShardSettings.load(SOCKETS))
    gateway = worker._dispatcher._gateway
    assert canonical(f"{gateway._path}L0SM9cOFvHcCIhw%3D") == "/live/%40connections/L0SM9cOFvHcCIhw%253D"
    signed = gateway._signer.headers("POST", "/", "digest")
    assert "host: a1b2c3.execute-api.us-east-1.amazonaws.com\r\n" in signed
    assert "/us-east-1/execute-api/aws4_request" in signed


def shared_secret(trust: bool) -> AuthorizerSettings:
    arn = boto3.client("secretsmanager").create_secret(Name=f"token-{trust}", SecretString=SECRET)["ARN"]
    return AuthorizerSettings(
        table_name="openhouse",
        token_issuer=ISSUER,
        token_audience=AUDIENCE,
        token_algorithms=("HS256",),
        hs256_secret_arn=arn,
        trust_claims=trust,
    )


def token(key: str = SECRET, **claims: Any) -> str:
    whole = {"sub": "u-1", "iss": ISSUER, "aud": AUDIENCE, "exp": int(time.time()) + 60, **claims}
    return jwt.encode(whole, key, algorithm="HS256")


def test_a_backend_that_issues_hs256_tokens_is_believed_with_the_secret_of_secrets_manager(dynamodb: Any) -> None:
    sessions = wiring.sessions(shared_secret(trust=True))
    principal = sessions.by_claims(sessions.claims(f"Bearer {token(brokerId='harbor', teamId='north', role='agent')}"))
    assert principal.rooms == ("user:u-1", "team:north", "broker:harbor")
    with pytest.raises(Unauthenticated):
        sessions.by_claims(sessions.claims(f"Bearer {token('another secret of thirty-two bytes, or more')}"))


def test_its_claims_count_for_nothing_unless_it_is_trusted_for_them(dynamodb: Any) -> None:
    sessions = wiring.sessions(shared_secret(trust=False))
    with pytest.raises(UserUnknown):
        sessions.by_claims(sessions.claims(f"Bearer {token(brokerId='harbor', teamId='north', role='broker')}"))
