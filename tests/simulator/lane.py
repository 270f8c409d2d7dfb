"""The fast lane's function as Lambda runs it: started and not waited for, in any order, twice, late or never."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.simulator.choices import Choices
from tests.simulator.functions import Functions


class Lane:
    """`process(event)` is the function."""

    def __init__(self, choices: Choices, functions: Functions, process: Callable[[Any], None]) -> None:
        self.open = False
        self.waiting: list[dict[str, Any]] = []
        self.handed_over: Counter[tuple[str, int]] = Counter()  # how often it was given a commit, by room and seq
        self._choices = choices
        self._functions = functions
        self._process = process

    def start(self, payload: bytes) -> None:
        """For a writer, who may die before that, or be refused."""
        if self.open:
            self._functions.before("start")
            self.waiting.append(json.loads(payload))

    def invoke(self) -> None:
        at = self._choices.below(len(self.waiting))
        event = self.waiting[at]
        if self._functions.calm or not self._choices.chance(4):
            del self.waiting[at]
        told = ", ".join(f"{room}#{seq}" for room, seq in _places(event))
        if not self._functions.calm and self._choices.chance(4):
            self._functions.say(f"(the fast lane is throttled, and {told} forgotten)")
            return
        self._functions.say(f"the fast lane takes {told}")
        self.handed_over.update(_places(event))
        answer = self._functions.invoke("fast_lane", lambda: self._process(event))
        if not answer.ok:
            self._functions.say(f"the fast lane failed with {told}: {answer.error or 'it died'}")


def _places(event: dict[str, Any]) -> list[tuple[str, int]]:
    return [(commit["room"], commit["seq"]) for commit in event["commits"]]
