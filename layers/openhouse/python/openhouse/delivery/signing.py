"""AWS Signature Version 4 for many requests a second to one host: what stays the same is worked out once.

Only for requests without a query. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
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
    headers: str  # as they are sent, the Authorization only begun
    canonical_headers: str
    scope: str
    key: bytes


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
        beginning = self._now().replace(microsecond=0)
        second = self._second
        if second is None or second.beginning != beginning:
            second = self._second = self._begin(beginning)
        request = f"{method}\n{canonical_path}\n\n{second.canonical_headers}\n{body_digest}"
        text = f"{second.scope}\n{sha256(request.encode()).hexdigest()}"
        return f"{second.headers}{hmac.digest(second.key, text.encode(), 'sha256').hex()}\r\n"

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
        return _Second(
            beginning,
            f"{sent}authorization: {authorization}",
            "".join(f"{name}:{value}\n" for name, value in lines.items()) + f"\n{signed}",
            f"{ALGORITHM}\n{stamp}\n{scope}",
            self._signing_key(credentials.secret_key, day),
        )

    def _signing_key(self, secret: str, day: str) -> bytes:
        if self._key is None or self._key[0] != (secret, day):
            key = f"AWS4{secret}".encode()
            for part in (day, self._region, self._service, "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._key = (secret, day), key
        return self._key[1]
