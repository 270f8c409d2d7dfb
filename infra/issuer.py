"""Who may issue the tokens of a deployment, beside its own user pool."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from infra.configuration_error import ConfigurationError
from infra.context_values import flag, text

_SECRET_ARN = re.compile(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-\w{6}")
_KEY_ARN = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+")


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """An identity provider other than the stack's own user pool. One of the two ways to verify is non-empty."""

    url: str
    audience: str
    jwks_url: str
    hs256_secret_arn: str
    hs256_key_arn: str  # of the KMS key that encrypts the secret, if it is not AWS's own
    trust_claims: bool

    @classmethod
    def read(cls, context: Callable[[str], Any]) -> Self | None:
        """Of the context; None if there is none. Raises ConfigurationError."""
        issuer = cls(
            url=text(context("issuer")),
            audience=text(context("audience")),
            jwks_url=text(context("jwksUrl")),
            hs256_secret_arn=text(context("hs256SecretArn")),
            hs256_key_arn=text(context("hs256KeyArn")),
            trust_claims=flag("trustClaims", context("trustClaims")),
        )
        if not issuer.url:
            if issuer != cls(
                url="", audience="", jwks_url="", hs256_secret_arn="", hs256_key_arn="", trust_claims=False
            ):
                raise ConfigurationError(
                    "audience, jwksUrl, hs256SecretArn, hs256KeyArn and trustClaims belong to an issuer: name it too"
                )
            return None
        if not issuer.audience:
            raise ConfigurationError(
                "an issuer needs an audience: without one, its tokens for other services would do here"
            )
        if bool(issuer.jwks_url) == bool(issuer.hs256_secret_arn):
            raise ConfigurationError("an issuer needs either jwksUrl or hs256SecretArn, and not both")
        if issuer.hs256_secret_arn and not _SECRET_ARN.fullmatch(issuer.hs256_secret_arn):
            raise ConfigurationError(
                f"hs256SecretArn is {issuer.hs256_secret_arn!r}: write the whole ARN of one secret"
            )
        if issuer.hs256_key_arn and not (issuer.hs256_secret_arn and _KEY_ARN.fullmatch(issuer.hs256_key_arn)):
            raise ConfigurationError(
                f"hs256KeyArn is {issuer.hs256_key_arn!r}: write the whole ARN of the key that encrypts hs256SecretArn"
            )
        if issuer.jwks_url and urlsplit(issuer.jwks_url).scheme != "https":
            raise ConfigurationError(f"jwksUrl is {issuer.jwks_url!r}: keys are only fetched over https")
        return issuer
