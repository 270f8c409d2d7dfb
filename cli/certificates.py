"""The certificate that CloudFront shows for a domain: found in the account, so that nobody has to copy its ARN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from deployed.cloud import CERTIFICATES_REGION, Cloud
from deployed.terminal import CommandFailed

_KEYS = ["RSA_2048", "EC_prime256v1", "EC_secp384r1"]  # without being asked, ACM lists the first alone


def certificate_of(cloud: Cloud, domain: str) -> str:
    """Its ARN: of those that are issued, the one that ends last. Raises CommandFailed if there is none."""
    pages = cloud.certificates().get_paginator("list_certificates")
    found = pages.paginate(CertificateStatuses=["ISSUED"], Includes={"keyTypes": _KEYS})
    summaries = (each for page in found for each in page["CertificateSummaryList"])
    fitting = [each for each in summaries if covers(_names(each), domain)]
    if not fitting:
        raise CommandFailed(
            f"This account has no issued certificate of {domain} in {CERTIFICATES_REGION}, where CloudFront looks. "
            "Request one in Certificate Manager there, put the record that it names into your DNS, and deploy again."
        )
    return str(max(fitting, key=lambda each: str(each.get("NotAfter", "")))["CertificateArn"])


def covers(names: Iterable[str], domain: str) -> bool:
    """Whether one of a certificate's names is the domain, or a wildcard for it: that stands for one part."""
    return not {domain, f"*.{domain.partition('.')[2]}"}.isdisjoint(name.lower() for name in names)


def _names(summary: Mapping[str, Any]) -> list[str]:
    return [summary["DomainName"], *summary.get("SubjectAlternativeNameSummaries", ())]
