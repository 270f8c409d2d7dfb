"""What a deployment may choose: the context of cdk.json, checked. Nothing else reads the context."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, cast
from urllib.parse import urlsplit

from infra.configuration_error import ConfigurationError
from infra.restored_tables import RestoredTables
from openhouse.functions import FUNCTIONS

Target = Literal["aws", "local"]
TARGETS: tuple[Target, ...] = ("aws", "local")
LogLevel = Literal["DEBUG", "INFO", "WARN", "ERROR"]
LOG_LEVELS: tuple[LogLevel, ...] = ("DEBUG", "INFO", "WARN", "ERROR")
SystemLogLevel = Literal["DEBUG", "INFO", "WARN"]  # Lambda knows no more of its own
SYSTEM_LOG_LEVELS: tuple[SystemLogLevel, ...] = ("DEBUG", "INFO", "WARN")

C = TypeVar("C", bound=str)

_SECRET_ARN = re.compile(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-\w{6}")
_KEY_ARN = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+")
_MODEL = re.compile(r"[a-z0-9][\w.:-]{0,199}")
_OF_GEOGRAPHIES = ("us.", "us-gov.", "eu.", "apac.", "jp.", "au.", "ca.")  # inference profiles, but `global.`
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_CERTIFICATE_ARN = re.compile(r"arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/[\w-]+")  # CloudFront takes no other
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_TOPIC_ARN = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+")


_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """An identity provider other than the stack's own user pool. One of the two ways to verify is non-empty."""

    url: str
    audience: str
    jwks_url: str
    hs256_secret_arn: str
    hs256_key_arn: str  # of the KMS key that encrypts the secret, if it is not AWS's own
    trust_claims: bool


@dataclass(frozen=True, kw_only=True)
class OwnDomain:
    """Under which the web app and REST answer, instead of a name of CloudFront's."""

    name: str  # such as crm.example.com
    certificate_arn: str  # of ACM in us-east-1, for that name


@dataclass(frozen=True, kw_only=True)
class LanguageModel:
    """At Bedrock, for tasks over texts. `id`: of a foundation model, or of an inference profile, which sends what it is
    asked to `destinations`: regions. Limits are of each brokerage and day; prices in cents for a million tokens.
    """

    id: str
    region: str  # in which it is asked; empty for the stack's own
    destinations: tuple[str, ...]
    input_cents: int
    output_cents: int
    tokens_per_day: int
    cents_per_day: int


@dataclass(frozen=True, kw_only=True)
class Configuration:
    target: Target
    origins: tuple[str, ...]  # of the web pages that may call the HTTP API, such as https://crm.example.com
    issuer: Issuer | None  # None: the stack's own user pool
    sets_account_log_role: bool  # False where something else owns API Gateway's log role in this account and region
    brokerage_shards: int  # partitions that the members of a brokerage are spread over
    built_web_app: str  # the folder of the web app that is deployed; empty for none
    domain: OwnDomain | None  # None: the web app has an address of CloudFront's
    alarm_topic_arn: str  # of an SNS topic that alarms are told to; empty for none
    canary: bool  # whether a commit is written each minute that must arrive
    dashboard: bool
    monthly_budget: int  # dollars, of which that topic is told before they are spent; 0 for no budget
    # API Gateway's quota of requests a second is the account's, for every API in it: these three share it.
    posts_per_second: int  # to all sockets together
    requests_per_second: int  # of REST
    socket_events_per_second: int  # connections and messages
    workers: int  # that post to large rooms at a time, at most
    fanout_concurrency: int  # kept free for the stream's function; 0 for none, as an account with few could not
    authorizer_seconds: int  # for which API Gateway keeps whose a token is; 0 asks the authorizer each time
    fast_lane: bool  # whether commits of small rooms are posted ahead of the stream
    ping_seconds: int  # of silence, after which clients ask what they missed; API Gateway closes who is idle 600 s
    log_level: LogLevel  # of what our functions say
    system_log_level: SystemLogLevel  # of what Lambda says of each call
    watches_messages: bool  # whether each message of a socket is logged by API Gateway, and a sample of them traced
    provisioned: Mapping[str, int]  # by function: how many of it have started before anyone asks
    model: LanguageModel | None  # None: texts are read and written by rules
    restored: RestoredTables | None  # None: the tables that the stack made

    @property
    def retained(self) -> bool:
        """Whether people's data outlives the stack."""
        return self.target == "aws"

    @property
    def is_watched(self) -> bool:
        """By all alarms, a dashboard and saved queries. The emulator follows few metrics, and no metric math."""
        return self.target == "aws"

    @property
    def serves_web_app(self) -> bool:
        """Beside the emulator, the local run serves it."""
        return self.target == "aws" and bool(self.built_web_app)

    @property
    def page_origins(self) -> tuple[str, ...]:
        """Those of pages that send and fetch files. CloudFront gives the app its address after the bucket is made."""
        if not self.serves_web_app:
            return self.origins
        return (*self.origins, f"https://{self.domain.name}" if self.domain else "https://*.cloudfront.net")

    def web_app(self) -> Path:
        """Raises ConfigurationError of one that was not built."""
        built = _ROOT / self.built_web_app
        if not (built / "index.html").exists():
            raise ConfigurationError(
                f"webApp is {self.built_web_app!r}, which is not built: run `make web`, or write ''"
            )
        return built

    @classmethod
    def read(cls, context: Callable[[str], Any]) -> Configuration:
        """Raises ConfigurationError. Values come as JSON from cdk.json or as text from `-c name=value`."""
        target = context("target")
        if target not in TARGETS:
            raise ConfigurationError(f"target is {target!r}: write one of {', '.join(TARGETS)}")
        return cls(
            target=target,
            origins=tuple(_origin(text) for text in _texts("origins", context("origins"))),
            issuer=_issuer(context),
            sets_account_log_role=_flag("accountLogRole", context("accountLogRole")),
            built_web_app=_text(context("webApp")),
            domain=_domain(_text(context("webDomain")), _text(context("webCertificateArn"))),
            alarm_topic_arn=_topic(_text(context("alarmTopicArn"))),
            canary=_flag("canary", context("canary")),
            dashboard=_flag("dashboard", context("dashboard")),
            monthly_budget=_budget(context),
            brokerage_shards=_number("brokerageShards", context("brokerageShards"), 1, 256),
            posts_per_second=_number("postsPerSecond", context("postsPerSecond"), 100, 1_000_000),
            requests_per_second=_number("requestsPerSecond", context("requestsPerSecond"), 10, 1_000_000),
            socket_events_per_second=_number("socketEventsPerSecond", context("socketEventsPerSecond"), 10, 1_000_000),
            workers=_number("workers", context("workers"), 2, 1_000),
            fanout_concurrency=_number("fanoutConcurrency", context("fanoutConcurrency"), 0, 1_000),
            authorizer_seconds=_number("authorizerSeconds", context("authorizerSeconds"), 0, 3_600),
            fast_lane=_flag("fastLane", context("fastLane")),
            ping_seconds=_number("pingSeconds", context("pingSeconds"), 20, 540),
            log_level=_one_of("logLevel", context("logLevel"), LOG_LEVELS),
            system_log_level=_one_of("systemLogLevel", context("systemLogLevel"), SYSTEM_LOG_LEVELS),
            watches_messages=_flag("watchSocketMessages", context("watchSocketMessages")),
            provisioned=_provisioned(context("provisionedConcurrency")),
            model=_model(context),
            restored=RestoredTables.read(context("restoredTables")),
        )


def _issuer(context: Callable[[str], Any]) -> Issuer | None:
    issuer = Issuer(
        url=_text(context("issuer")),
        audience=_text(context("audience")),
        jwks_url=_text(context("jwksUrl")),
        hs256_secret_arn=_text(context("hs256SecretArn")),
        hs256_key_arn=_text(context("hs256KeyArn")),
        trust_claims=_flag("trustClaims", context("trustClaims")),
    )
    if not issuer.url:
        if issuer != Issuer(
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
        raise ConfigurationError(f"hs256SecretArn is {issuer.hs256_secret_arn!r}: write the whole ARN of one secret")
    if issuer.hs256_key_arn and not (issuer.hs256_secret_arn and _KEY_ARN.fullmatch(issuer.hs256_key_arn)):
        raise ConfigurationError(
            f"hs256KeyArn is {issuer.hs256_key_arn!r}: write the whole ARN of the key that encrypts hs256SecretArn"
        )
    if issuer.jwks_url and urlsplit(issuer.jwks_url).scheme != "https":
        raise ConfigurationError(f"jwksUrl is {issuer.jwks_url!r}: keys are only fetched over https")
    return issuer


def _model(context: Callable[[str], Any]) -> LanguageModel | None:
    id_, region = _text(context("languageModel")), _text(context("languageModelRegion"))
    destinations = tuple(_texts("languageModelDestinations", context("languageModelDestinations")))
    if not id_:
        if region or destinations:
            raise ConfigurationError("languageModelRegion and languageModelDestinations belong to a languageModel")
        return None
    if not _MODEL.fullmatch(id_):
        raise ConfigurationError(f"languageModel is {id_!r}: write the id of a model or an inference profile, no ARN")
    if wrong := [each for each in (region, *destinations) if each and not _REGION.fullmatch(each)]:
        raise ConfigurationError(f"{wrong[0]!r} is no region: write one such as us-east-1")
    if id_.startswith(_OF_GEOGRAPHIES) and not destinations:
        raise ConfigurationError(
            f"languageModel {id_} is an inference profile: languageModelDestinations names the regions that it sends to"
        )
    prices = [*_texts("languageModelPrices", context("languageModelPrices"), of_numbers=True)]
    if len(prices) != 2:
        raise ConfigurationError("languageModelPrices: write cents for a million tokens, of those in and those out")
    return LanguageModel(
        id=id_,
        region=region,
        destinations=destinations,
        input_cents=_number("languageModelPrices", prices[0], 0, 1_000_000),
        output_cents=_number("languageModelPrices", prices[1], 0, 1_000_000),
        tokens_per_day=_number("languageModelTokensPerDay", context("languageModelTokensPerDay"), 0, 10**12),
        cents_per_day=_number("languageModelCentsPerDay", context("languageModelCentsPerDay"), 0, 10**9),
    )


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or "*" in text
        or text != f"{parts.scheme}://{parts.netloc}"
    ):
        raise ConfigurationError(f"origin {text!r}: write scheme, host and port only, such as https://crm.example.com")
    return text


def _texts(name: str, value: Any, *, of_numbers: bool = False) -> Iterable[str]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if of_numbers and isinstance(value, list):
        value = [str(part) for part in value]
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise ConfigurationError(f"{name} is {value!r}: write a list, or text with commas")
    return cast("list[str]", value)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _domain(name: str, certificate_arn: str) -> OwnDomain | None:
    if not name and not certificate_arn:
        return None
    if not (name and certificate_arn):
        raise ConfigurationError(
            "webDomain and webCertificateArn belong together: `make deploy` looks for a certificate of a domain itself"
        )
    if not _DOMAIN.fullmatch(name):
        raise ConfigurationError(f"webDomain is {name!r}: write a name such as crm.example.com, in lower case")
    if not _CERTIFICATE_ARN.fullmatch(certificate_arn):
        raise ConfigurationError(
            f"webCertificateArn is {certificate_arn!r}: write the whole ARN of one in us-east-1, where CloudFront looks"
        )
    return OwnDomain(name=name, certificate_arn=certificate_arn)


def _topic(text: str) -> str:
    if text and not _TOPIC_ARN.fullmatch(text):
        raise ConfigurationError(f"alarmTopicArn is {text!r}: write the whole ARN of one SNS topic")
    return text


def _budget(context: Callable[[str], Any]) -> int:
    dollars = _number("monthlyBudget", context("monthlyBudget"), 0, 10_000_000)
    if dollars and not _text(context("alarmTopicArn")):
        raise ConfigurationError("monthlyBudget needs alarmTopicArn: an SNS topic that is told")
    return dollars


def _number(name: str, value: Any, low: int, high: int) -> int:
    text = _text(value)
    if not text.isdecimal() or not low <= int(text) <= high:
        raise ConfigurationError(f"{name} is {value!r}: write a whole number from {low} to {high}")
    return int(text)


def _one_of(name: str, value: Any, choices: tuple[C, ...]) -> C:
    for choice in choices:
        if choice == _text(value):
            return choice
    raise ConfigurationError(f"{name} is {value!r}: write one of {', '.join(choices)}")


def _provisioned(value: Any) -> Mapping[str, int]:
    try:
        numbers = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        numbers = None
    names = [spec.name for spec in FUNCTIONS]
    if not isinstance(numbers, dict) or not numbers.keys() <= {*names}:
        raise ConfigurationError(
            f'provisionedConcurrency is {value!r}: write numbers by function, such as {{}} or {{"crm": 2}}, '
            f"of {', '.join(names)}"
        )
    return {name: _number(f"provisionedConcurrency of {name}", number, 1, 1_000) for name, number in numbers.items()}


def _flag(name: str, value: Any) -> bool:
    known = {"true": True, "false": False, "": False}
    text = _text(value).lower()
    if text not in known:
        raise ConfigurationError(f"{name} is {value!r}: write true or false")
    return known[text]
