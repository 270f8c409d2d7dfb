"""Every setting of every function, and the only reader of the environment.

Infra builds a function's environment from the same class (`environment`), so a name cannot differ.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, Self
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A field `x_y` is the variable `X_Y`; a field with a default may be absent."""

    aws_region: str = "us-east-1"
    aws_endpoint_url: str = ""  # set by the emulator, never by infra

    @classmethod
    def load(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Raises KeyError naming the first variable that is required and missing."""
        values: dict[str, Any] = {}
        for field in fields(cls):
            name = field.name.upper()
            if name in env:
                values[field.name] = _parse(str(field.type), env[name])
            elif field.default is MISSING:
                raise KeyError(f"the environment lacks {name}, which {cls.__name__} needs")
        return cls(**values)

    def environment(self) -> dict[str, str]:
        """The variables that `load` reads back as an equal object, the runtime's own left out."""
        own = asdict(self)
        for given_by_the_runtime in ("aws_region", "aws_endpoint_url"):
            del own[given_by_the_runtime]
        return {name.upper(): _format(value) for name, value in own.items()}


def _parse(kind: str, text: str) -> str | int | bool | tuple[str, ...]:
    if kind == "int":
        return int(text)
    if kind == "bool":
        return text == "1"
    if kind.startswith("tuple"):
        return tuple(part for part in text.split(",") if part)
    return text


def _format(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(value) if isinstance(value, tuple) else str(value)


@dataclass(frozen=True, kw_only=True)
class TableSettings(Settings):
    table_name: str


@dataclass(frozen=True, kw_only=True)
class TimerSettings(TableSettings):
    """For those who set timers."""

    timers_url: str


@dataclass(frozen=True, kw_only=True)
class ScheduleSettings(Settings):
    """For whoever sets timers of any time ahead: EventBridge Scheduler sends them to the queue, in a role's name."""

    timers_url: str
    timers_arn: str
    schedule_group: str
    schedule_role_arn: str


@dataclass(frozen=True, kw_only=True)
class RestSettings(TableSettings):
    """For the functions behind the authorizer of REST."""

    authorizer_is_cached: bool = False  # API Gateway keeps what it says: the directory is to be asked again
    trust_claims: bool = False  # as the authorizer's


@dataclass(frozen=True, kw_only=True)
class RecordsSettings(TimerSettings):
    """For those who read and write records, which have a table of their own."""

    records_table_name: str
    fast_lane_function: str = ""  # that is handed what was just committed; empty for none
    url_suffix: str = "amazonaws.com"  # of AWS's addresses; another in China

    @property
    def lambda_url(self) -> str:
        """Where Lambda is asked to invoke a function."""
        return self.aws_endpoint_url or f"https://lambda.{self.aws_region}.{self.url_suffix}"


@dataclass(frozen=True, kw_only=True)
class TaskSettings(TableSettings):
    """For those who begin the executions that tasks are worked on by."""

    tasks_machine_arn: str


@dataclass(frozen=True, kw_only=True)
class CrmSettings(RestSettings, RecordsSettings, TaskSettings):
    pass


@dataclass(frozen=True, kw_only=True)
class BucketSettings(RecordsSettings):
    """For those who read, write or give addresses in the bucket of files."""

    files_bucket: str


@dataclass(frozen=True, kw_only=True)
class FilesSettings(RestSettings, BucketSettings):
    pass


@dataclass(frozen=True, kw_only=True)
class FileEndsSettings(BucketSettings):
    pass


@dataclass(frozen=True, kw_only=True)
class LanguageSettings(Settings):
    """Which engine reads and writes texts: rules, or a model at Bedrock if one is named."""

    bedrock_model_id: str = ""  # of a foundation model or an inference profile
    bedrock_region: str = ""  # in which it is asked; empty for the function's own
    model_seconds: int = 40  # that one answer may take
    model_tokens_per_day: int = 1_000_000  # of each brokerage, in and out
    model_cents_per_day: int = 500  # of each brokerage
    input_cents_per_million_tokens: int = 300  # by the price list of that model
    output_cents_per_million_tokens: int = 1_500


@dataclass(frozen=True, kw_only=True)
class MorningSettings(RecordsSettings):
    """For the function that tells people in the morning what their day has."""


@dataclass(frozen=True, kw_only=True)
class TaskStepSettings(BucketSettings, LanguageSettings):
    """For the function that works on tasks."""

    trust_claims: bool = False  # as the authorizer's


@dataclass(frozen=True, kw_only=True)
class TaskWatchSettings(TaskSettings):
    """For the function that looks after them."""


@dataclass(frozen=True, kw_only=True)
class AuthorizerSettings(TableSettings):
    """Who may issue tokens. Exactly one of `jwks_url` and `hs256_secret_arn` is non-empty."""

    token_issuer: str
    token_audience: str
    token_algorithms: tuple[str, ...] = ("RS256", "ES256")
    jwks_url: str = ""
    hs256_secret_arn: str = ""
    trust_claims: bool = False  # honour brokerId, teamId and role claims of users without a directory entry

    @property
    def keys_are_at_aws(self) -> bool:
        return urlsplit(self.jwks_url).netloc.startswith("cognito-idp.")

    @property
    def reachable_jwks_url(self) -> str:
        """The emulator serves a pool's keys at its own address, under the path that AWS has."""
        if not self.aws_endpoint_url or not self.keys_are_at_aws:
            return self.jwks_url
        return self.aws_endpoint_url + urlsplit(self.jwks_url).path


@dataclass(frozen=True, kw_only=True)
class SocketSettings(TableSettings):
    """For the functions that post to sockets or close them."""

    websocket_api_id: str
    websocket_stage: str
    url_suffix: str = "amazonaws.com"  # of AWS's addresses; another in China
    brokerage_shards: int = (
        16  # member partitions of a broker room; fewer than before lose members until they reconnect
    )

    @property
    def callback_url(self) -> str:
        """Where `@connections` answers: the execute-api host, never a custom domain (signatures name the host)."""
        return self._address("https") if not self.aws_endpoint_url else self._emulated(self.aws_endpoint_url)

    @property
    def socket_url(self) -> str:
        """The wss address of the API, without a ticket."""
        if not self.aws_endpoint_url:
            return self._address("wss")
        return self._emulated(self.aws_endpoint_url.replace("http", "ws", 1))

    def _address(self, scheme: str) -> str:
        host = f"{self.websocket_api_id}.execute-api.{self.aws_region}.{self.url_suffix}"
        return f"{scheme}://{host}/{self.websocket_stage}"

    def _emulated(self, base: str) -> str:
        return f"{base}/_aws/execute-api/{self.websocket_api_id}/{self.websocket_stage}"


@dataclass(frozen=True, kw_only=True)
class DirectorySettings(SocketSettings, RestSettings):
    user_pool_id: str = ""  # whose logins administrators make; empty where another issuer's people sign in
    ping_seconds: int = 240  # of silence, after which a client is to ask what it missed


@dataclass(frozen=True, kw_only=True)
class SocketApiSettings(SocketSettings, RecordsSettings):
    trust_claims: bool = False  # as the authorizer's


@dataclass(frozen=True, kw_only=True)
class PostingSettings(SocketSettings):
    posts_per_second: int = 8_000  # of all functions together; an account has 10,000, for every API in it


@dataclass(frozen=True, kw_only=True)
class ShardSettings(PostingSettings):
    shards_url: str


@dataclass(frozen=True, kw_only=True)
class FanoutSettings(ShardSettings):
    failures_url: str
    fast_lane: bool = False  # whether some of what the stream brings was posted before


@dataclass(frozen=True, kw_only=True)
class DueSettings(SocketSettings, RecordsSettings):
    """For the function that is handed timers, and may do what they are about."""
