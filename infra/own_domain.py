"""A domain for the web app and REST."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from infra.configuration_error import ConfigurationError

_CERTIFICATE_ARN = re.compile(r"arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/[\w-]+")  # CloudFront takes no other
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


@dataclass(frozen=True, kw_only=True)
class OwnDomain:
    """Under which the web app and REST answer, instead of a name of CloudFront's."""

    name: str  # such as crm.example.com
    certificate_arn: str  # of ACM in us-east-1, for that name

    @classmethod
    def read(cls, name: str, certificate_arn: str) -> Self | None:
        """Of the context; None if there is none. Raises ConfigurationError."""
        if not name and not certificate_arn:
            return None
        if not (name and certificate_arn):
            raise ConfigurationError(
                "webDomain and webCertificateArn belong together: "
                "`make deploy` looks for a certificate of a domain itself"
            )
        if not _DOMAIN.fullmatch(name):
            raise ConfigurationError(f"webDomain is {name!r}: write a name such as crm.example.com, in lower case")
        if not _CERTIFICATE_ARN.fullmatch(certificate_arn):
            raise ConfigurationError(
                f"webCertificateArn is {certificate_arn!r}: "
                "write the whole ARN of one in us-east-1, where CloudFront looks"
            )
        return cls(name=name, certificate_arn=certificate_arn)
