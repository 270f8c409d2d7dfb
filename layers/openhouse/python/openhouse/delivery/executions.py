"""Executions of the state machine of tasks, begun by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from openhouse.core.json_text import compact

_THERE_ALREADY = "ExecutionAlreadyExists"


class StepFunctions:
    """`machine`: the ARN of the state machine, of the kind Standard: it takes each name once."""

    def __init__(self, client: Any, machine: str) -> None:
        self._client = client
        self._machine = machine

    def start(self, name: str, about: Mapping[str, Any]) -> bool:
        try:
            self._client.start_execution(stateMachineArn=self._machine, name=name, input=compact(dict(about)))
        except ClientError as error:
            if error.response["Error"]["Code"].removesuffix("Exception") == _THERE_ALREADY:
                return False
            raise OSError(f"Step Functions does not begin {name}") from error
        except BotoCoreError as error:
            raise OSError(f"Step Functions cannot be reached for {name}") from error
        return True
