"""AWS's own client, as far as functions use it: one session for all clients of a process, quick to start.

botocore without boto3, which would bring its resources, its uploads to S3 and a pool of threads to every cold start.
"""

from __future__ import annotations

import ssl
from functools import cache
from typing import Any, Literal, get_args

from botocore.config import Config
from botocore.exceptions import NoCredentialsError
from botocore.handlers import BUILTIN_HANDLERS
from botocore.httpsession import get_cert_path
from botocore.parsers import JSONParser, ResponseParserFactory
from botocore.session import Session

Service = Literal["bedrock-runtime", "cognito-idp", "dynamodb", "scheduler", "secretsmanager", "sqs"]
SERVICES: tuple[Service, ...] = get_args(Service)  # the layer describes these alone (infra/trimming.py)

# Our own calls need no check of their types at run time: it takes more of one than all else, and tests make it.
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 4},
    parameter_validation=False,
)


class _ItemsAsTheyCome(JSONParser):
    """Of an item's values, DynamoDB's JSON is what botocore makes of it, if none of them is binary: ours are not.

    To look for each of the ten types in each value takes ten times as long as to read a page of records.
    """

    def _handle_map(self, shape: Any, value: Any) -> Any:
        return value if shape.value.name == "AttributeValue" else super()._handle_map(shape, value)  # type: ignore[misc]


class _Parsers(ResponseParserFactory):
    def create_parser(self, protocol_name: str) -> Any:
        return _ItemsAsTheyCome() if protocol_name == "json" else super().create_parser(protocol_name)


@cache
def session() -> Session:
    """Without what botocore does for the calls of other services: to register all that takes a tenth of a start."""
    made = Session(include_builtin_handlers=False)
    for event, handler, *place in BUILTIN_HANDLERS:
        _, *of_service = event.split(".", 2)
        if of_service and of_service[0] not in SERVICES:
            continue
        if place:  # none of ours has one today
            raise NotImplementedError(f"botocore wants a place of its own for what it does at {event}")
        made.register(event, handler)
    made.register_component("response_parser_factory", _Parsers())
    return made


def client(service: Service) -> Any:
    return session().create_client(service, config=_CONFIG)


def patient_client(service: Service, *, region: str, seconds: float) -> Any:
    """For calls that take long and are paid for: one attempt, which may take so many seconds, and is checked first."""
    config = Config(connect_timeout=2, read_timeout=seconds, retries={"mode": "standard", "total_max_attempts": 1})
    return session().create_client(service, region_name=region, config=config)


def credentials() -> Any:
    """`access_key`, `secret_key` and `token`, renewed when it is time. Raises NoCredentialsError."""
    found = session().get_credentials()
    if found is None:
        raise NoCredentialsError
    return found.get_frozen_credentials()


@cache
def trust() -> ssl.SSLContext:
    """For AWS's addresses: the authorities that botocore trusts. The system's are many more, and slow to read."""
    return ssl.create_default_context(cafile=session().get_config_variable("ca_bundle") or get_cert_path(True))
