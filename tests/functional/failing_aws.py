"""AWS while it fails: its documented errors, and answers that never come, at the edge of botocore's clients."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

# Which no person is to read.
ANSWER_OF_AWS = "Rate exceeded for arn:aws:dynamodb:us-east-1:111122223333:table/openhouse"


class Fault(NamedTuple):
    """An error that a service documents, with its status; without a code, the service cannot be reached."""

    code: str
    status: int = 400

    @property
    def answer(self) -> tuple[AWSResponse, dict[str, Any]]:
        """What botocore makes of it, after all of its own tries."""
        http = AWSResponse("https://aws", self.status, HTTPHeaders(), None)
        return http, {"Error": {"Code": self.code, "Message": ANSWER_OF_AWS}, "ResponseMetadata": {}}


UNREACHABLE = Fault("", 0)
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
OF_DYNAMODB = (
    Fault("ThrottlingException"),
    Fault("ProvisionedThroughputExceededException"),
    Fault("RequestLimitExceeded"),
    Fault("InternalServerError", 500),
    Fault("ServiceUnavailable", 503),
    UNREACHABLE,
)
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
OF_S3 = (Fault("SlowDown", 503), Fault("InternalError", 500), Fault("ServiceUnavailable", 503), UNREACHABLE)
OF_COGNITO = (Fault("TooManyRequestsException"), Fault("InternalErrorException", 500), UNREACHABLE)


@contextmanager
def failing(client: Any, fault: Fault, *operations: str) -> Iterator[list[str]]:
    """Every call of these operations, or of all. Yields the names of those that failed."""
    service = client.meta.service_model.service_id.hyphenize()
    failed: list[str] = []

    def fail(model: Any, **_: Any) -> Any:
        if operations and model.name not in operations:
            return None
        failed.append(model.name)
        if fault is UNREACHABLE:
            raise EndpointConnectionError(endpoint_url="https://aws")
        return fault.answer

    client.meta.events.register_first(f"before-call.{service}", fail, unique_id="failing")
    try:
        yield failed
    finally:
        client.meta.events.unregister(f"before-call.{service}", unique_id="failing")


@contextmanager
def losing_answers(client: Any, operation: str) -> Iterator[list[str]]:
    """What is asked for is done, and nobody hears that it was."""
    service = client.meta.service_model.service_id.hyphenize()
    lost: list[str] = []

    def lose(**_: Any) -> None:
        lost.append(operation)
        raise ReadTimeoutError(endpoint_url="https://aws")

    event = f"after-call.{service}.{operation}"
    client.meta.events.register_first(event, lose, unique_id="losing")
    try:
        yield lost
    finally:
        client.meta.events.unregister(event, unique_id="losing")
