"""Puts the imitation into the emulator's process, before it serves. It does nothing until it is switched on."""

from __future__ import annotations

import importlib
from typing import Any

from local.aws_like.alarms import Alarms
from local.aws_like.control import Control
from local.aws_like.database import Database
from local.aws_like.functions import Functions
from local.aws_like.gateway import Gateway
from local.aws_like.imitation import Imitation
from local.aws_like.queues import Queues
from local.aws_like.stream import Stream


def install() -> Imitation:
    """Nothing of the emulator can be told to do this, so its functions are replaced by others that call them."""
    imitation = Imitation()
    lambda_svc, sqs, dynamodb = _service("lambda_svc"), _service("sqs"), _service("dynamodb")
    functions = Functions(imitation, lambda_svc, importlib.import_module("ministack.core.lambda_runtime"))
    Queues(imitation, sqs, lambda_svc, functions)
    Database(imitation, dynamodb)
    Stream(imitation, lambda_svc, dynamodb, importlib.import_module("ministack.core.responses"))
    Gateway(imitation, _service("apigateway"))
    alarms = Alarms(imitation, _service("cloudwatch"), sqs, _service("stepfunctions"))
    app: Any = importlib.import_module("ministack.app")
    app.app = Control(imitation, alarms, app.app)
    return imitation


def _service(name: str) -> Any:
    return importlib.import_module(f"ministack.services.{name}")
