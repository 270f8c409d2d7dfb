"""Bearer tokens: who issued one, for whom, until when. Pure but for the key set, which fetches."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt

from openhouse.core.errors import TokenExpired, Unauthenticated
from openhouse.core.observability import logger

CLOCK_SKEW = 60.0  # seconds that an issuer's clock may be ahead of ours

LATEST_END = 253_402_300_799  # the last second of the year 9999, which Python and DynamoDB can still tell

# What PyJWT lets through beside its own errors, of headers that anybody can write: an algorithm of another family than
# the key (TypeError), half characters (ValueError), lists in lists in lists (RecursionError).
_UNTOLD = (TypeError, ValueError, RecursionError)

KeyFor = Callable[[str], Any]  # the verification key for a token, by its header's `kid`


class IssuerUnavailable(Exception):
    """Nobody can say whether a token is genuine. No answer of ours: API Gateway would keep it, and so it says 500."""


@dataclass(frozen=True)
class Claims:
    """The verified content of a token. `expires_at` in seconds since 1970."""

    user_id: str
    expires_at: int
    everything: dict[str, Any]


def bearer(header: str | None) -> str:
    """The token of an Authorization header."""
    scheme, _, token = (header or "").strip().partition(" ")
    if not token:
        raise Unauthenticated("send the header Authorization: Bearer <token>")
    if scheme.lower() != "bearer":
        raise Unauthenticated("the Authorization header must be of the kind Bearer")
    return token.strip()


class Verifier:
    """Algorithms are pinned: neither `none` nor a key used under another algorithm passes."""

    def __init__(self, *, issuer: str, audience: str, algorithms: tuple[str, ...], key_for: KeyFor) -> None:
        self._issuer = issuer
        self._audience = audience
        self._algorithms = list(algorithms)
        self._key_for = key_for

    def verify(self, token: str) -> Claims:
        """Raises TokenExpired or Unauthenticated; their messages say nothing about keys."""
        try:
            header = jwt.get_unverified_header(token)
            claims = jwt.decode(
                token,
                self._key_for(str(header.get("kid", ""))),
                algorithms=self._algorithms,
                audience=self._audience,
                issuer=self._issuer,
                # A token may seem to come from the future. To refuse it would not be forgotten: API Gateway keeps that.
                leeway=CLOCK_SKEW,
                options={"require": ["exp", "sub", "iss", "aud"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise TokenExpired from error
        except (jwt.PyJWTError, *_UNTOLD) as error:
            raise Unauthenticated("the token is malformed, forged, or meant for someone else") from error
        if int(claims["exp"]) <= time.time():
            raise TokenExpired
        if int(claims["exp"]) > LATEST_END:
            raise Unauthenticated("the token never ends")
        if claims.get("token_use", "id") != "id":  # Cognito signs access tokens with the same keys
            raise Unauthenticated("send the ID token, not the access token")
        return Claims(str(claims["sub"]), int(claims["exp"]), claims)


class KeySet:
    """An issuer's published keys (JWKS, RFC 7517), fetched when a key is first needed and when they grow old.

    A token with an unknown `kid` makes us look again, but not more often than every 30 s: forgeries are cheap.
    """

    LIFETIME = 3600.0
    PATIENCE = 30.0

    def __init__(self, fetch: Callable[[], bytes], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._keys: dict[str, Any] = {}
        self._fetched_at = self._tried_at = -math.inf

    def key(self, kid: str) -> Any:
        """Raises Unauthenticated, or IssuerUnavailable if we know no keys and cannot get any."""
        now = self._monotonic()
        wanted = kid not in self._keys or now - self._fetched_at > self.LIFETIME
        if wanted and now - self._tried_at > self.PATIENCE:
            self._refresh(now)
        if not self._keys:
            raise IssuerUnavailable("tokens cannot be verified at the moment; try again")
        if kid not in self._keys:
            raise Unauthenticated("the token is signed with a key that its issuer does not publish")
        return self._keys[kid]

    def _refresh(self, now: float) -> None:
        """An issuer that does not answer leaves us with the keys we have."""
        self._tried_at = now
        try:
            published = jwt.PyJWKSet.from_dict(json.loads(self._fetch()))
        except (OSError, ValueError, jwt.PyJWTError):
            logger.exception("the issuer's keys cannot be fetched")
            return
        self._keys = {key.key_id: key.key for key in published.keys if key.key_id}
        self._fetched_at = now
