"""Requests to AWS's APIs, as the emulator hands them to its services, and refusals of them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from local.aws_like.imitation import Imitation

Answer = tuple[int, dict[str, str], bytes]
THROTTLED = "throttled"  # in the emulator alone, of a function that a socket's message found no place for

_ROLE = re.compile(r"Credential=ASIA")  # of a role's session; people sign with keys of their own
_ATTEMPT = re.compile(r"attempt=(\d+)")


def is_of_a_function(headers: Mapping[str, str]) -> bool:
    return bool(_ROLE.search(headers.get("authorization", "")))


def note_repeats(imitation: Imitation, headers: Mapping[str, str]) -> None:
    """boto3 says which try of a call it is."""
    found = _ATTEMPT.search(headers.get("amz-sdk-request", ""))
    if found and int(found[1]) > 1:
        imitation.count("calls.repeated")


def refusal(status: int, code: str, message: str, **more: Any) -> Answer:
    content = json.dumps({"__type": code, "message": message, **more}).encode()
    return status, {"Content-Type": "application/x-amz-json-1.0", "x-amzn-errortype": code}, content
