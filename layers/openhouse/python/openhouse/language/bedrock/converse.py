"""One question to a model by Bedrock's Converse, and its answer as JSON of a given form, or an error of ours.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    HTTPClientError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.exceptions import (
    ConnectionError as NotConnected,
)
from botocore.parsers import ResponseParserError

from openhouse.core.errors import (
    LanguageError,
    ModelBusy,
    ModelMisconfigured,
    ModelOutputMalformed,
    ModelRefused,
    ModelTimedOut,
    TextTooLong,
)

Binding = Literal["text_format", "strict_tool", "tool"]  # by what an answer is bound to its schema
TOOL = "answer"

_ERRORS: dict[str, Callable[[], LanguageError]] = {
    "ThrottlingException": lambda: ModelBusy("the model is asked too often at the moment; try again"),
    "ServiceUnavailableException": lambda: ModelBusy("the model cannot be reached at the moment; try again"),
    "InternalServerException": lambda: ModelBusy("the model's service has failed; try again"),
    "ModelNotReadyException": lambda: ModelBusy("the model is being started; try again"),
    "ModelErrorException": lambda: ModelBusy("the model has failed; try again"),
    "ModelTimeoutException": lambda: ModelTimedOut("the model took too long; try again, or with a shorter text"),
    "AccessDeniedException": lambda: ModelMisconfigured("this deployment may not ask its language model"),
    "ResourceNotFoundException": lambda: ModelMisconfigured("this deployment's language model is not known here"),
    "ValidationException": lambda: ModelMisconfigured("this deployment's language model does not take such questions"),
}
_STOPS: dict[str, Callable[[], LanguageError]] = {
    "max_tokens": lambda: ModelOutputMalformed("the model's answer was cut off; try again with a shorter text"),
    "malformed_model_output": lambda: ModelOutputMalformed(
        "the model's answer is not of the form asked for; try again"
    ),
    "malformed_tool_use": lambda: ModelOutputMalformed("the model's answer is not of the form asked for; try again"),
    "content_filtered": lambda: ModelRefused("a filter for content has stopped the model on this text"),
    "guardrail_intervened": lambda: ModelRefused("a guardrail has stopped the model on this text"),
    "model_context_window_exceeded": lambda: TextTooLong("the text is longer than the model can hold"),
}
_DONE = frozenset({"end_turn", "stop_sequence", "tool_use"})
_TOO_LONG = re.compile(r"too long|context (?:window|length)|maximum.{0,20}tokens", re.IGNORECASE)
_NOT_METADATA = re.compile(r"[^a-zA-Z0-9\s:_@$#=/+,\-.]")  # in values, by the service's description
_LONGEST_METADATA = 256


@dataclass(frozen=True, kw_only=True)
class Question:
    """`instructions`: ours. `text`: what it is about, of one tenant. `schema`: JSON Schema of the answer."""

    instructions: str
    text: str
    schema: Mapping[str, Any]
    most_tokens: int
    metadata: Mapping[str, str]


@dataclass(frozen=True)
class Usage:
    input_tokens: int
    output_tokens: int


def binding_of(client: Any) -> Binding:
    """By what this client can bind an answer to its schema: looked up in its own description of the service."""
    converse = client.meta.service_model.operation_model("Converse").input_shape.members
    if "outputConfig" in converse and "textFormat" in converse["outputConfig"].members:
        return "text_format"
    specification = converse["toolConfig"].members["tools"].member.members["toolSpec"].members
    return "strict_tool" if "strict" in specification else "tool"


class Converse:
    """`client`: botocore's of `bedrock-runtime`, which makes one attempt."""

    def __init__(self, client: Any, model_id: str) -> None:
        self._client = client
        self._model_id = model_id
        self._binding = binding_of(client)

    def ask(self, question: Question, used: Callable[[Usage], None]) -> dict[str, Any]:
        """`used` is told what the call cost as soon as that is known, whatever the answer is. Raises LanguageErrors."""
        try:
            answer = self._client.converse(**self._request(question))
        except ClientError as error:
            raise _error_of(error) from error
        except (ReadTimeoutError, ConnectTimeoutError) as error:
            raise _failure("ModelTimeoutException") from error
        except ResponseParserError as error:
            raise ModelOutputMalformed("the model's service answered what is no answer; try again") from error
        except (HTTPClientError, NotConnected) as error:
            raise _failure("ServiceUnavailableException") from error
        except ParamValidationError as error:
            raise ModelMisconfigured("this question cannot be put to the language model") from error
        usage = answer.get("usage") or {}
        used(Usage(usage.get("inputTokens", 0), usage.get("outputTokens", 0)))
        reason = answer.get("stopReason")
        if reason not in _DONE:
            raise _stopped(str(reason))
        return self._document(answer)

    def _request(self, question: Question) -> dict[str, Any]:
        return {
            "modelId": self._model_id,
            "system": [{"text": question.instructions}],
            "messages": [{"role": "user", "content": [{"text": question.text}]}],
            "inferenceConfig": {"maxTokens": question.most_tokens},
            "requestMetadata": {
                name: _NOT_METADATA.sub("-", value)[:_LONGEST_METADATA] for name, value in question.metadata.items()
            },
            **self._bound(question.schema),
        }

    def _bound(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        if self._binding == "text_format":
            structure = {"jsonSchema": {"name": TOOL, "schema": json.dumps(schema)}}
            return {"outputConfig": {"textFormat": {"type": "json_schema", "structure": structure}}}
        strict = {"strict": True} if self._binding == "strict_tool" else {}
        tool = {"name": TOOL, "description": "Takes the answer.", "inputSchema": {"json": dict(schema)}, **strict}
        return {"toolConfig": {"tools": [{"toolSpec": tool}], "toolChoice": {"tool": {"name": TOOL}}}}

    def _document(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        blocks = ((answer.get("output") or {}).get("message") or {}).get("content") or []
        document: Any = None
        if self._binding == "text_format":
            try:
                document = json.loads("".join(block.get("text", "") for block in blocks))
            except (json.JSONDecodeError, TypeError) as error:
                raise _stopped("malformed_model_output") from error
        else:
            document = next((block["toolUse"].get("input") for block in blocks if "toolUse" in block), None)
        if not isinstance(document, dict):
            raise _stopped("malformed_model_output")
        return document


def _failure(code: str) -> LanguageError:
    return _ERRORS[code]()


def _stopped(reason: str) -> LanguageError:
    """A reason that is not known here, such as one of a later version, is taken for the model's own will."""
    return _STOPS.get(reason, lambda: ModelRefused("the model has stopped for a reason of its own"))()


def _error_of(error: ClientError) -> LanguageError:
    fault = error.response.get("Error", {})
    code, message = str(fault.get("Code", "")), str(fault.get("Message", ""))
    if code == "ValidationException" and _TOO_LONG.search(message):
        return _STOPS["model_context_window_exceeded"]()
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    unknown = _ERRORS["ServiceUnavailableException" if status >= 500 or status == 429 else "ValidationException"]
    return _ERRORS.get(code, unknown)()
