"""A functional world whose every answer, event and frame is held against the documents."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from openhouse.core.principal import Principal
from tests.contract.documented import Documented, check_model
from tests.fakes import AVA
from tests.functional import logs
from tests.functional.conftest import World
from tests.functional.test_http import call


class CheckedWorld:
    """`seen`: what each call has answered, as the status of a success or the code of a refusal."""

    def __init__(self, world: World, documented: Documented) -> None:
        self.world = world
        self.documented = documented
        self.seen: dict[str, set[int | str]] = defaultdict(set)

    def call(
        self, method: str, path: str, body: Any = None, *, who: Principal | None = AVA, fits: bool = True, **how: Any
    ) -> Any:
        """The answer's content. A body that `fits` and was accepted is held against the documents, too."""
        status, content, headers = call(self.world, method, path, body, who=who, **how)
        operation = self.documented.operation(method, path)
        self.documented.check_answer(operation, status, content, headers)
        if fits and status < 300 and operation.call.body and body is not None:
            (told,) = operation.told["requestBody"]["content"].values()
            self.documented.openapi.check(told["schema"], body)
            check_model(operation.call.body, body)
        self.seen[operation.call.name].add(content["code"] if status >= 400 else status)
        return content

    def events(self) -> list[Any]:
        """What the logs of Ava's rooms hold, read as frames and one by one."""
        for room in AVA.rooms:
            for text in logs.texts(self.world, room):
                self.documented.check_frame({"commits": [json.loads(text)]})
        found = [event for room in AVA.rooms for event in logs.events(self.world, room)]
        for event in found:
            self.documented.check_event(event)
        return found
