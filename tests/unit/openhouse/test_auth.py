"""Tokens: what is accepted, and every way of forging one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from openhouse.core.errors import TokenExpired, Unauthenticated
from openhouse.identity.tokens import IssuerUnavailable, KeySet, Verifier, bearer

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC_PEM = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
ISSUER, AUDIENCE = "https://issuer.test/pool", "client-1"


def claims(**changes: Any) -> dict[str, Any]:
    whole = {"sub": "ava", "iss": ISSUER, "aud": AUDIENCE, "exp": int(time.time()) + 3600, "token_use": "id"}
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def signed(content: dict[str, Any], key: Any = KEY, algorithm: str = "RS256", kid: str = "k1") -> str:
    return jwt.encode(content, key, algorithm=algorithm, headers={"kid": kid})


def by_hand(header: dict[str, Any], content: dict[str, Any], secret: bytes | None) -> str:
    """A token that a library refuses to make."""
    text = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, content)
    )
    signature = hmac.new(secret, text.encode(), hashlib.sha256).digest() if secret else b""
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


@pytest.fixture
def verifier() -> Verifier:
    return Verifier(
        issuer=ISSUER, audience=AUDIENCE, algorithms=("RS256", "ES256"), key_for=lambda _kid: KEY.public_key()
    )


def test_a_good_token_tells_who_and_until_when(verifier: Verifier) -> None:
    content = claims()
    verified = verifier.verify(signed(content))
    assert (verified.user_id, verified.expires_at) == ("ava", content["exp"])


def test_an_expired_token_is_told_apart_from_a_forged_one(verifier: Verifier) -> None:
    with pytest.raises(TokenExpired):
        verifier.verify(signed(claims(exp=int(time.time()) - 1)))


def test_a_token_of_an_issuer_whose_clock_is_ahead_is_good_and_one_that_ended_is_not(verifier: Verifier) -> None:
    soon = int(time.time()) + 30
    assert verifier.verify(signed(claims(iat=soon, nbf=soon))).user_id == "ava"
    with pytest.raises(TokenExpired):
        verifier.verify(signed(claims(exp=soon - 40)))


# Named, as a token is another in every worker that makes it.
REFUSED = {
    "another key": signed(claims(), OTHER_KEY),
    "another issuer": signed(claims(iss="https://elsewhere.test")),
    "another audience": signed(claims(aud="another-client")),
    "no audience": signed(claims(aud=None)),
    "no end": signed(claims(exp=None)),
    "no person": signed(claims(sub=None)),
    "no issuer": signed(claims(iss=None)),
    "not yet": signed(claims(nbf=int(time.time()) + 3600)),
    "an access token": signed(claims(token_use="access")),
    "another algorithm": signed(claims(), algorithm="RS512"),
    "no algorithm": by_hand({"alg": "none", "typ": "JWT"}, claims(), None),
    "NO ALGORITHM": by_hand({"alg": "NONE"}, claims(), None),
    "a secret made of the public key": by_hand({"alg": "HS256", "kid": "k1"}, claims(), PUBLIC_PEM),
    "a secret and no algorithm": by_hand({"kid": "k1"}, claims(), PUBLIC_PEM),
    "another signature": signed(claims())[:-4] + "AAAA",
    "nothing": "",
    "two parts": "a.b",
    "three parts": "a.b.c",
    "letters beyond ASCII": "é.é.é",
}


@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED)
def test_any_other_token_is_refused(verifier: Verifier, token: str) -> None:
    with pytest.raises(Unauthenticated):
        verifier.verify(token)


CURVE = ec.generate_private_key(ec.SECP256R1())


def text_of(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


SIGNED = b'{"alg": "RS256", "kid": "k1"}'
HEADERS = {
    "an algorithm of another family than the key": b'{"alg": "ES256", "kid": "k1"}',
    "lists in lists": b'{"alg": ' + b"[" * 3_000 + b"]" * 3_000 + b"}",
    "a list": b"[]",
    "a number": b"1",
    "no number": b"NaN",
    "no text": b"\xff\xfe",
    "an algorithm that is a list": b'{"alg": ["RS256"]}',
    "an algorithm that is null": b'{"alg": null}',
    "a key id that is a list": b'{"alg": "RS256", "kid": ["k1"]}',
    "a key id that leads elsewhere": b'{"alg": "RS256", "kid": "../../k1"}',
    "a key id for a shell": b'{"alg": "RS256", "kid": "k1; cat /etc/passwd"}',
    "half a character": b'{"alg": "RS256", "kid": "\\ud800"}',
    "a key that it brings along": b'{"alg": "RS256", "jwk": {"kty": "oct", "k": "AAAA"}}',
    "an address of keys": b'{"alg": "RS256", "jku": "https://evil.test/keys", "x5u": "https://evil.test/keys"}',
    "what must be understood": b'{"alg": "RS256", "kid": "k1", "crit": ["exp"]}',
    "a payload apart": b'{"alg": "RS256", "kid": "k1", "b64": false, "crit": ["b64"]}',
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("key", [KEY, CURVE], ids=["RSA", "EC"])
def test_no_header_makes_anything_but_a_refusal(header: bytes, key: Any) -> None:
    verifier = Verifier(
        issuer=ISSUER, audience=AUDIENCE, algorithms=("RS256", "ES256"), key_for=lambda _kid: key.public_key()
    )
    forged = f"{text_of(header)}.{text_of(json.dumps(claims()).encode())}.{text_of(bytes(64))}"
    with pytest.raises(Unauthenticated):
        verifier.verify(forged)


@pytest.mark.parametrize("end", ["Infinity", "NaN", "[1]", '"soon"', "9" * 40, "9" * 5_000], ids=len)
def test_an_end_that_is_no_time_is_refused_though_the_signature_is_good(verifier: Verifier, end: str) -> None:
    payload = json.dumps(claims(exp=None))[:-1] + f', "exp": {end}}}'
    text = f"{text_of(SIGNED)}.{text_of(payload.encode())}"
    signature = KEY.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(Unauthenticated):
        verifier.verify(f"{text}.{text_of(signature)}")


SECRET = "s" * 32


@pytest.mark.parametrize(
    ("algorithm", "private", "public"), [("ES256", CURVE, CURVE.public_key()), ("HS256", SECRET, SECRET)]
)
def test_elliptic_curves_and_shared_secrets_work_where_they_are_configured(algorithm, private, public) -> None:
    verifier = Verifier(issuer=ISSUER, audience=AUDIENCE, algorithms=(algorithm,), key_for=lambda _kid: public)
    assert verifier.verify(signed(claims(), private, algorithm)).user_id == "ava"


def test_the_authorization_header_must_be_a_bearer_token() -> None:
    assert bearer("Bearer abc") == bearer("bearer  abc ") == "abc"
    for missing in (None, "", "Bearer", "Bearer "):
        with pytest.raises(Unauthenticated):
            bearer(missing)
    with pytest.raises(Unauthenticated):
        bearer("Basic abc")


def jwks(*kids: str) -> bytes:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
    return json.dumps({"keys": [{**public, "kid": kid, "alg": "RS256", "use": "sig"} for kid in kids]}).encode()


def test_an_issuer_that_does_not_answer_leaves_the_keys_we_have() -> None:
    now, answers = [0.0], [True]

    def fetch() -> bytes:
        if not answers[0]:
            raise OSError("no route")
        return jwks("k1")

    keys = KeySet(fetch, monotonic=lambda: now[0])
    keys.key("k1")
    now[0], answers[0] = 4_000.0, False
    keys.key("k1")
    with pytest.raises(Unauthenticated):
        keys.key("k2")
    unknown = KeySet(fetch, monotonic=lambda: now[0])
    with pytest.raises(IssuerUnavailable):
        unknown.key("k1")


def test_published_keys_are_fetched_once_and_again_when_old_or_unknown_but_not_for_every_forgery() -> None:
    now, published, fetches = [0.0], ["k1"], []

    def fetch() -> bytes:
        fetches.append(now[0])
        return jwks(*published)

    keys = KeySet(fetch, monotonic=lambda: now[0])
    keys.key("k1")
    keys.key("k1")
    assert fetches == [0.0]
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            keys.key("forged")
    assert fetches == [0.0]
    now[0] = 31.0
    published.append("k2")
    keys.key("k2")
    assert fetches == [0.0, 31.0]
    now[0] = 3632.0
    keys.key("k1")
    assert fetches == [0.0, 31.0, 3632.0]
