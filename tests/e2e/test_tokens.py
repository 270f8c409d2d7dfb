"""Every way of calling without the right to, over the deployed stack."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from deployed.people import Operator, Person
from deployed.sign_in import DEMO_PASSWORD, sign_in
from local.stack import RunningStack
from tests.e2e.conftest import ORIGIN, PATIENCE, Caller, on_aws
from tests.e2e.test_rest import problem


def _encode(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def _hs256(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    text = f"{_encode(header)}.{_encode(claims)}"
    signature = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


@pytest.fixture
def forgeries(stack: RunningStack, ava: Caller) -> dict[str, str]:
    """Ava's own claims, prolonged, under signatures that must not count."""
    header = jwt.get_unverified_header(ava.token)
    claims = jwt.decode(ava.token, options={"verify_signature": False}) | {"exp": int(time.time()) + 7200}
    endpoints = stack.deployment.endpoints
    keys = httpx.get(f"{endpoints.cognito_url}/{endpoints.user_pool_id}/.well-known/jwks.json").json()["keys"]
    public = jwt.PyJWK(keys[0]).key
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signature = ava.token.rsplit(".", 1)[1]
    return {
        "alg none": f"{_encode({'alg': 'none', 'kid': header['kid']})}.{_encode(claims)}.",
        "another claim under the old signature": f"{_encode(header)}.{_encode(claims)}.{signature}",
        "another key": jwt.encode(claims, stranger, algorithm="RS256", headers={"kid": header["kid"]}),
        "an unknown key id": jwt.encode(claims, stranger, algorithm="RS256", headers={"kid": "mine"}),
        "HS256 with the public key": _hs256({"alg": "HS256", "kid": header["kid"]}, claims, pem),
        "not a token": "nonsense",
    }


def test_forged_tokens_are_refused(stack: RunningStack, forgeries: dict[str, str]) -> None:
    for how, token in forgeries.items():
        forger = Caller(stack.deployment.endpoints.http_url, token)
        for refused in (forger("GET", "/escrows"), forger("POST", "/realtime/tickets")):
            assert (how, refused.status_code, refused.json()) == (how, 403, {"message": "Forbidden"})


def test_no_token_is_refused(stack: RunningStack) -> None:
    nobody = Caller(stack.deployment.endpoints.http_url, "")
    for method, path in (("GET", "/escrows"), ("POST", "/escrows"), ("GET", "/me"), ("POST", "/realtime/tickets")):
        response = nobody(method, path)
        assert (response.status_code, response.json()) == (401, {"message": "Unauthorized"})


def test_an_expired_token_is_told_apart(stack: RunningStack, expired_token: str) -> None:
    late = Caller(stack.deployment.endpoints.http_url, expired_token)
    assert problem(late("GET", "/escrows")) == (401, "token_expired")
    assert problem(late("POST", "/realtime/tickets")) == (401, "token_expired")


def test_someone_the_directory_does_not_know_is_told_so(stack: RunningStack) -> None:
    person = Person(email=f"{uuid4().hex}@demo.test", name="Rita")
    with Operator(stack.cloud, stack.deployment).login(person, DEMO_PASSWORD):
        pass
    endpoints = stack.deployment.endpoints
    stranger = Caller(endpoints.http_url, sign_in(endpoints, person.email, DEMO_PASSWORD).token)
    assert problem(stranger("GET", "/me")) == (403, "user_unknown")


def refused(url: str) -> int:
    with pytest.raises(InvalidStatus) as refusal, connect(url, open_timeout=PATIENCE):
        pass
    return refusal.value.response.status_code


@on_aws
def test_a_ticket_opens_one_socket_only(ava: Caller) -> None:
    url = ava.ticket()
    with connect(url, open_timeout=PATIENCE):
        pass
    assert refused(url) == 403


def test_an_expired_ticket_opens_none(stack: RunningStack, ava: Caller) -> None:
    url = ava.ticket()
    digest = hashlib.sha256(url.split("ticket=")[1].encode()).hexdigest()
    stack.cloud.session.client("dynamodb", endpoint_url=stack.cloud.endpoint).update_item(
        TableName=stack.deployment.table_name,
        Key={"pk": {"S": f"T#{digest}"}, "sk": {"S": "T"}},
        UpdateExpression="SET #ttl = :past",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeNames={"#ttl": "ttl"},
        ExpressionAttributeValues={":past": {"N": str(int(time.time()) - 1)}},
    )
    assert refused(url) == 403


def test_no_ticket_or_a_guessed_one_opens_none(stack: RunningStack, ava: Caller) -> None:
    assert refused(stack.deployment.socket_url) == 401
    assert refused(f"{stack.deployment.socket_url}?ticket={'0' * 64}") == 403
    assert refused(f"{stack.deployment.socket_url}?ticket={ava.token}") == 403


def test_the_ticket_of_one_page_opens_no_socket_for_another(stack: RunningStack, ava: Caller) -> None:
    """A browser names the page with each request of this kind, and no page can name another."""
    asked = {"Authorization": f"Bearer {ava.token}", "Origin": ORIGIN}
    url = httpx.post(stack.deployment.endpoints.ticket_url, headers=asked, timeout=PATIENCE).json()["url"]
    with (
        pytest.raises(InvalidStatus) as refusal,
        connect(url, open_timeout=PATIENCE, origin=Origin("https://evil.test")),
    ):
        pass
    assert refusal.value.response.status_code == 403
    with connect(url, open_timeout=PATIENCE, origin=Origin(ORIGIN)):
        pass
