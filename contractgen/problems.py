"""What can be wrong with a call, as OpenAPI responses: one for each status, that names the codes it may have."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from contractgen.examples import problem_of
from contractgen.schemas import OUTPUT, Schema, Schemas
from openhouse.api.http import RETRY_AFTER_SECONDS
from openhouse.contract.operations import DocumentedOperation, GatewayMessage
from openhouse.contract.registry import Problem, models_of
from openhouse.core.errors import Invalid, OpenhouseError, StaleVersion
from openhouse.crm.module import Module

Document = dict[str, Any]

HEADERS = {
    "RetryAfter": {
        "description": "Seconds to wait before sending the same request again, with the same `Idempotency-Key`.",
        "schema": {"type": "integer", "minimum": 0, "examples": [int(RETRY_AFTER_SECONDS)]},
    },
    "WwwAuthenticate": {"description": "The authentication scheme to use.", "schema": {"const": "Bearer"}},
}

_GATEWAY: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "from API Gateway itself, without a token",
    HTTPStatus.FORBIDDEN: "from API Gateway itself, for a token that is malformed, forged or meant for someone else",
    HTTPStatus.NOT_FOUND: "from API Gateway itself, for a path that it does not know",
    HTTPStatus.TOO_MANY_REQUESTS: "from API Gateway itself, when it throttles requests",
    HTTPStatus.INTERNAL_SERVER_ERROR: "from API Gateway itself, when our function failed",
    HTTPStatus.SERVICE_UNAVAILABLE: "from API Gateway itself, when our function did not answer in time",
}


class Problems:
    """The responses of many calls. Those that are alike are one component, and so is each example."""

    def __init__(self, schemas: Schemas, modules: Sequence[Module]) -> None:
        self._schemas = schemas
        self._module = modules[0]  # the examples that fit every module are about its records
        self.responses: dict[str, Document] = {}
        self.examples: dict[str, Document] = {}

    def of(self, call: DocumentedOperation, module: Module | None) -> dict[str, Document]:
        """By status. `module`: the one whose records the call is about."""
        by_status: dict[int, list[type[OpenhouseError]]] = {status: [] for status in _GATEWAY}
        if "{" not in call.path:
            del by_status[HTTPStatus.NOT_FOUND]
        for error in call.problems:
            by_status.setdefault(error.status, []).append(error)
        return {str(status): self._response(status, errors, module) for status, errors in sorted(by_status.items())}

    def _response(self, status: int, errors: Sequence[type[OpenhouseError]], module: Module | None) -> Document:
        name = ".".join([str(status), *(error.code for error in errors)])
        if StaleVersion in errors and module:
            name += f".{module.noun}"
        if name not in self.responses:
            self.responses[name] = self._described(status, errors, module)
        return {"$ref": f"#/components/responses/{name}"}

    def _described(self, status: int, errors: Sequence[type[OpenhouseError]], module: Module | None) -> Document:
        lines = [f"`{error.code}`: {error.title}" for error in errors]
        content: Document = {}
        if errors:
            examples = {error.code: self._example(error, module) for error in errors}
            content["application/problem+json"] = {"schema": self._schema(errors, module), "examples": examples}
        if status in _GATEWAY:
            lines.append(f"`{{message}}`: {_GATEWAY[status]}")
            content["application/json"] = {
                "schema": self._schemas.ref(GatewayMessage, OUTPUT),
                "examples": {"gateway": {"value": {"message": HTTPStatus(status).phrase}}},
            }
        headers: Document = {}
        if any(error.retryable for error in errors):
            headers["Retry-After"] = {"$ref": "#/components/headers/RetryAfter"}
        if status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = {"$ref": "#/components/headers/WwwAuthenticate"}
        return {"description": "\n\n".join(lines), **({"headers": headers} if headers else {}), "content": content}

    def _schema(self, errors: Sequence[type[OpenhouseError]], module: Module | None) -> Schema:
        """A problem of these codes, with what comes with them."""
        properties: Schema = {"code": {"enum": [error.code for error in errors]}}
        if StaleVersion in errors and module:
            properties["current"] = self._schemas.ref(models_of(module).answer, OUTPUT)
        required = {Invalid: "errors", StaleVersion: "current"}
        always = [name for error, name in required.items() if list(errors) == [error]]
        narrowed = {"allOf": [self._schemas.ref(Problem, OUTPUT)], "properties": properties}
        return {**narrowed, "required": always} if always else narrowed

    def _example(self, error: type[OpenhouseError], module: Module | None) -> Document:
        if error is StaleVersion and module:
            return {"summary": error.title, "value": problem_of(error, module)}
        self.examples.setdefault(error.code, {"summary": error.title, "value": problem_of(error, self._module)})
        return {"$ref": f"#/components/examples/{error.code}"}
