"""AWS Signature Version 4 for many requests a second to one host: what stays the same is worked out once.

Only for requests without a query. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from openhouse.core import clock
from openhouse.core.clock import Clock

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class Credentials:
    access_key: str
    secret_key: str
    token: str | None = None


@dataclass(frozen=True)
class _Second:
    """All that requests of one second share."""

    beginning: datetime
    end: datetime
    headers: str  # as they are sent, the Authorization only begun
    canonical_headers: str
    inner: (
        Any  # the two SHA-256 of an HMAC, what is the same for all requests hashed already: a copy of each is a third
    )
    outer: Any  # of the work that a whole HMAC is


def canonical(path: str) -> str:
    """A path, as it is sent, the way it is signed: encoded once more."""
    return quote(path, safe="/~")


class Signer:
    """`credentials` is asked once a second, so that renewed ones are taken up."""

    def __init__(
        self,
        *,
        service: str,
        region: str,
        host: str,
        credentials: Callable[[], Credentials],
        now: Clock = clock.utc_now,
    ) -> None:
        self._service = service
        self._region = region
        self._host = host
        self._credentials = credentials
        self._now = now
        self._second: _Second | None = None
        self._key: tuple[tuple[str, str], bytes] | None = None

    def headers(self, method: str, canonical_path: str, body_digest: str) -> str:
        """Host, date and Authorization as header lines. The digest is SHA-256 in hex."""
        now, second = self._now(), self._second
        if second is None or not second.beginning <= now < second.end:
            second = self._second = self._begin(now.replace(microsecond=0))
        request = f"{method}\n{canonical_path}\n\n{second.canonical_headers}\n{body_digest}"
        inner, outer = second.inner.copy(), second.outer.copy()
        inner.update(sha256(request.encode()).hexdigest().encode())
        outer.update(inner.digest())
        return f"{second.headers}{outer.hexdigest()}\r\n"

    def renew(self) -> None:
        """Asks for the credentials again: those in use were refused."""
        self._second = self._key = None

    def _begin(self, beginning: datetime) -> _Second:
        credentials = self._credentials()
        stamp = f"{beginning:%Y%m%dT%H%M%SZ}"
        day = stamp[:8]
        lines = {"host": self._host, "x-amz-date": stamp}
        if credentials.token:
            lines["x-amz-security-token"] = credentials.token
        signed = ";".join(lines)
        scope = f"{day}/{self._region}/{self._service}/aws4_request"
        sent = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        authorization = f"{ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={signed}, Signature="
        inner, outer = _hmac_begun(self._signing_key(credentials.secret_key, day))
        inner.update(f"{ALGORITHM}\n{stamp}\n{scope}\n".encode())
        return _Second(
            beginning,
            beginning + timedelta(seconds=1),
            f"{sent}authorization: {authorization}",
            "".join(f"{name}:{value}\n" for name, value in lines.items()) + f"\n{signed}",
            inner,
            outer,
        )

    def _signing_key(self, secret: str, day: str) -> bytes:
        if self._key is None or self._key[0] != (secret, day):
            key = f"AWS4{secret}".encode()
            for part in (day, self._region, self._service, "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._key = (secret, day), key
        return self._key[1]


def _hmac_begun(key: bytes) -> tuple[Any, Any]:
    """RFC 2104, for a key no longer than a block of SHA-256: what comes before the text, and before its hash."""
    block = key.ljust(sha256().block_size, b"\0")
    return sha256(bytes(byte ^ 0x36 for byte in block)), sha256(bytes(byte ^ 0x5C for byte in block))
