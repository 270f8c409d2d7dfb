"""What a deployment may choose: the context of cdk.json, checked. Nothing else reads the context."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from infra.configuration_error import ConfigurationError
from infra.context_values import flag, number, one_of, text, texts
from infra.issuer import Issuer
from infra.language_model import LanguageModel
from infra.own_domain import OwnDomain
from infra.restored_tables import RestoredTables
from openhouse.functions import FUNCTIONS

Target = Literal["aws", "local"]
TARGETS: tuple[Target, ...] = ("aws", "local")
LogLevel = Literal["DEBUG", "INFO", "WARN", "ERROR"]
LOG_LEVELS: tuple[LogLevel, ...] = ("DEBUG", "INFO", "WARN", "ERROR")
SystemLogLevel = Literal["DEBUG", "INFO", "WARN"]  # Lambda knows no more of its own
SYSTEM_LOG_LEVELS: tuple[SystemLogLevel, ...] = ("DEBUG", "INFO", "WARN")

_TOPIC_ARN = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+")
_ROOT = Path(__file__).resolve().parents[1]


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
            origins=tuple(_origin(each) for each in texts("origins", context("origins"))),
            issuer=Issuer.read(context),
            sets_account_log_role=flag("accountLogRole", context("accountLogRole")),
            built_web_app=text(context("webApp")),
            domain=OwnDomain.read(text(context("webDomain")), text(context("webCertificateArn"))),
            alarm_topic_arn=_topic(text(context("alarmTopicArn"))),
            canary=flag("canary", context("canary")),
            dashboard=flag("dashboard", context("dashboard")),
            monthly_budget=_budget(context),
            brokerage_shards=number("brokerageShards", context("brokerageShards"), 1, 256),
            posts_per_second=number("postsPerSecond", context("postsPerSecond"), 100, 1_000_000),
            requests_per_second=number("requestsPerSecond", context("requestsPerSecond"), 10, 1_000_000),
            socket_events_per_second=number("socketEventsPerSecond", context("socketEventsPerSecond"), 10, 1_000_000),
            workers=number("workers", context("workers"), 2, 1_000),
            fanout_concurrency=number("fanoutConcurrency", context("fanoutConcurrency"), 0, 1_000),
            authorizer_seconds=number("authorizerSeconds", context("authorizerSeconds"), 0, 3_600),
            fast_lane=flag("fastLane", context("fastLane")),
            ping_seconds=number("pingSeconds", context("pingSeconds"), 20, 540),
            log_level=one_of("logLevel", context("logLevel"), LOG_LEVELS),
            system_log_level=one_of("systemLogLevel", context("systemLogLevel"), SYSTEM_LOG_LEVELS),
            watches_messages=flag("watchSocketMessages", context("watchSocketMessages")),
            provisioned=_provisioned(context("provisionedConcurrency")),
            model=LanguageModel.read(context),
            restored=RestoredTables.read(context("restoredTables")),
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


def _topic(text: str) -> str:
    if text and not _TOPIC_ARN.fullmatch(text):
        raise ConfigurationError(f"alarmTopicArn is {text!r}: write the whole ARN of one SNS topic")
    return text


def _budget(context: Callable[[str], Any]) -> int:
    dollars = number("monthlyBudget", context("monthlyBudget"), 0, 10_000_000)
    if dollars and not text(context("alarmTopicArn")):
        raise ConfigurationError("monthlyBudget needs alarmTopicArn: an SNS topic that is told")
    return dollars


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
    return {name: number(f"provisionedConcurrency of {name}", each, 1, 1_000) for name, each in numbers.items()}
