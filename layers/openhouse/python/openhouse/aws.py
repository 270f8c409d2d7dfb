"""AWS's own client, as far as functions use it: one session for all clients of a process, quick to start.

botocore without boto3, which would bring its resources, its uploads to S3 and a pool of threads to every cold start.
"""

from __future__ import annotations

import ssl
from functools import cache
from typing import Any, Literal, get_args

from botocore.config import Config
from botocore.exceptions import NoCredentialsError
from botocore.handlers import BUILTIN_HANDLERS, REGISTER_FIRST, REGISTER_LAST
from botocore.httpsession import get_cert_path
from botocore.parsers import JSONParser, ResponseParserFactory
from botocore.session import Session

Service = Literal[
    "bedrock-runtime", "cognito-idp", "dynamodb", "s3", "scheduler", "secretsmanager", "sqs", "stepfunctions"
]
SERVICES: tuple[Service, ...] = get_args(Service)  # the layer describes these alone (infra/trimming.py)

# Said in full: botocore would sign forms with version 2, which newer regions refuse, and for the global address of S3,
# which sends browsers on to a region's own. No function sends content, so none is summed up.
_OF_S3 = Config(
    signature_version="s3v4",
    s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)

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
    """Without what botocore does for the calls of single services: to register all that takes a tenth of a start."""
    made = Session(include_builtin_handlers=False)
    _register(made, "")
    made.register_component("response_parser_factory", _Parsers())
    return made


def client(service: Service) -> Any:
    _register_once(service)
    return session().create_client(service, config=_CONFIG.merge(_OF_S3) if service == "s3" else _CONFIG)


@cache
def _register_once(service: Service) -> None:
    _register(session(), service)


def _register(made: Session, service: str) -> None:
    """What botocore does for the calls of this service; of none, for those of any."""
    register = {None: made.register, REGISTER_FIRST: made.get_component("event_emitter").register_first}
    register[REGISTER_LAST] = made.get_component("event_emitter").register_last
    for event, handler, *place in BUILTIN_HANDLERS:
        _, *of_service = event.split(".", 2)
        if (of_service[0] if of_service else "") == service:
            register[place[0] if place else None](event, handler)


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
