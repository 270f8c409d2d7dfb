"""A stand-in of Bedrock that speaks Converse over HTTP on this machine: no model, but requests and answers as of AWS.

Each request is held to botocore's description of the service, to the patterns that it has for metadata, and to the
part of JSON Schema that structured output takes. It answers by the rules of the embedded engine, unless it is told
otherwise.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from botocore.session import Session
from botocore.validate import ParamValidator

from openhouse.language.engine import Mention
from openhouse.language.labels import LABELS
from openhouse.language.rules.engine import RulesEngine
from tests.unit.openhouse.language.asking import ASKER

_CONVERSE: Any = Session().get_service_model("bedrock-runtime").operation_model("Converse")
_PATH = re.compile(r"/model/(?P<model>[^/]+)/converse")
_METADATA = re.compile(r"[a-zA-Z0-9\s:_@$#=/+,\-.]{0,256}")
_OF_SCHEMAS = {
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "description",
    "anyOf",
    "$ref",
}
USAGE = {"inputTokens": 1_200, "outputTokens": 300, "totalTokens": 1_500}


@dataclass
class Told:
    """What the next request is answered instead."""

    error: str = ""  # the name of an exception of the service, or a status alone
    message: str = "told so"
    stop: str = ""
    document: Any = None  # the model's answer
    text: str | None = None  # the same as it is written, which may be no JSON
    body: bytes | None = None  # all of it, which may be no answer
    seconds: float = 0.0  # before it answers


@dataclass
class ConverseServer:
    url: str = ""
    told: list[Told] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)  # what the requests were refused for

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, str, bytes]:
        """Status, the exception's name, and what is sent."""
        request = self._request(path, body)
        if "AWS4-HMAC-SHA256" not in headers.get("Authorization", "") or "/bedrock/" not in headers["Authorization"]:
            return _refusal("AccessDeniedException", "not signed for bedrock")
        if wrong := "; ".join(complaints_of(request)):
            self.complaints.append(wrong)
            return _refusal("ValidationException", wrong)
        self.requests.append(request)
        told = self.told.pop(0) if self.told else Told()
        time.sleep(told.seconds)
        if told.error:
            return _refusal(told.error, told.message)
        if told.body is not None:
            return 200, "", told.body
        answer = _answer(request, told)
        report = ParamValidator().validate(answer, _CONVERSE.output_shape)
        assert not report.has_errors(), report.generate_report()
        return 200, "", json.dumps(answer).encode()

    @staticmethod
    def _request(path: str, body: bytes) -> dict[str, Any]:
        found = _PATH.fullmatch(path)
        assert found, path
        return {"modelId": unquote(found["model"]), **json.loads(body)}


def complaints_of(request: dict[str, Any]) -> Iterator[str]:
    report = ParamValidator().validate(request, _CONVERSE.input_shape)
    if report.has_errors():
        yield report.generate_report()
        return
    for name, value in request.get("requestMetadata", {}).items():
        if not _METADATA.fullmatch(value):
            yield f"requestMetadata {name} holds {value!r}"
    schema = _schema(request)
    if schema is None:
        yield "the answer is bound to no schema"
    else:
        yield from _complaints_of_schema(schema)


def _complaints_of_schema(schema: Any) -> Iterator[str]:
    if unknown := schema.keys() - _OF_SCHEMAS:
        yield f"structured output does not take {sorted(unknown)}"
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        yield "additionalProperties must be false"
    for each in [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]:
        yield from _complaints_of_schema(each)


def _schema(request: dict[str, Any]) -> Any:
    if "outputConfig" in request:
        return json.loads(request["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"])
    tools = request.get("toolConfig", {}).get("tools", [])
    return tools[0]["toolSpec"]["inputSchema"]["json"] if tools else None


def _answer(request: dict[str, Any], told: Told) -> dict[str, Any]:
    document = told.document if told.document is not None else by_rules(request)
    content: list[dict[str, Any]]
    if "outputConfig" in request:
        content = [{"text": told.text if told.text is not None else json.dumps(document)}]
        stop = "end_turn"
    else:
        content = [{"toolUse": {"toolUseId": "t-1", "name": "answer", "input": document}}]
        stop = "tool_use"
    return {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": told.stop or stop,
        "usage": USAGE,
        "metrics": {"latencyMs": 5},
    }


def by_rules(request: dict[str, Any]) -> dict[str, Any]:
    """What a model would answer that is as good as the embedded engine."""
    text = request["messages"][0]["content"][0]["text"]
    if "sentences" in _schema(request)["properties"]:
        return {"sentences": [*RulesEngine().sentences(ASKER, json.loads(text))]}
    labels = _schema(request)["properties"]["mentions"]["items"]["properties"]["label"]["enum"]
    found = RulesEngine().mentions(ASKER, text, [label for label in LABELS if label in labels])
    return {"mentions": [_quoted(text, each) for each in found]}


def _quoted(text: str, mention: Mention) -> dict[str, str]:
    start, end = mention.start, mention.end
    return {"label": mention.label, "quote": text[start:end], "before": text[max(0, start - 20) : start]}


def _refusal(error: str, message: str) -> tuple[int, str, bytes]:
    if error.isdigit():
        return int(error), "", b"<html>upstream</html>"
    shape = next(each for each in _CONVERSE.error_shapes if each.name == error)
    return shape.metadata["error"]["httpStatusCode"], error, json.dumps({"message": message}).encode()


@contextmanager
def serving() -> Iterator[ConverseServer]:
    server = ConverseServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, error, answer = server.answer(self.path, self.headers, body)
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                if error:
                    self.send_header("x-amzn-ErrorType", error)
                self.end_headers()
                self.wfile.write(answer)
            except ConnectionError:
                pass  # whoever asked has not waited

        def log_message(self, *_: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_port}"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
