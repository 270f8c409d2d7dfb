"""The engine over a model at Bedrock. It keeps nothing between calls: a prompt holds our instructions and one text."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from openhouse.core.errors import ModelBusy, ModelMisconfigured
from openhouse.language.bedrock import answers
from openhouse.language.bedrock.allowance import NOTHING, Allowance, Prices, Spending
from openhouse.language.bedrock.converse import Converse, Question, Usage
from openhouse.language.engine import Asker, EngineName, Mention
from openhouse.language.labels import LABELS, MEANINGS, Label
from openhouse.language.wording import words_for

PROMPTS = "2026-11-29"  # raise with a change of a prompt: it is told with each request
_MOST_TOKENS = {"mentions": 6_000, "sentences": 1_000}  # of an answer
_BYTES_OF_A_TOKEN = 2  # at least, of any language that agents write: what is reserved is never too little
_OVERHEAD = 2_000  # tokens of what the service adds, such as the schema's


class BedrockEngine:
    """`new_id`: a name for each call, by which it is reserved and settled."""

    name: EngineName = "bedrock"

    def __init__(
        self, converse: Converse, allowance: Allowance, *, prices: Prices, limit: Spending, new_id: Callable[[], str]
    ) -> None:
        self._converse = converse
        self._allowance = allowance
        self._prices = prices
        self._limit = limit
        self._new_id = new_id

    def mentions(self, asker: Asker, text: str, labels: Collection[Label]) -> Sequence[Mention]:
        if not text.strip():
            return []
        instructions = _prompt("mentions").replace("{labels}", _meanings(labels))
        document = self._answer(asker, "mentions", instructions, text, answers.mentions_schema(labels))
        return answers.mentions(document, text, labels)

    def sentences(self, asker: Asker, facts: Mapping[str, Any]) -> Sequence[str]:
        instructions = _prompt("sentences").replace("{words}", ", ".join(sorted(words_for(facts))))
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        return answers.sentences(self._answer(asker, "sentences", instructions, text, answers.SENTENCES_SCHEMA))

    def _answer(
        self, asker: Asker, what: str, instructions: str, text: str, schema: Mapping[str, Any]
    ) -> dict[str, Any]:
        question = Question(
            instructions=instructions,
            text=text,
            schema=schema,
            most_tokens=_MOST_TOKENS[what],
            metadata={"brokerage": asker.brokerage_id, "task": asker.task_id, "kind": asker.kind, "prompts": PROMPTS},
        )
        call = (asker.brokerage_id, asker.now.date(), self._new_id())
        self._allowance.reserve(*call, self._most(question), self._limit)
        try:
            return self._converse.ask(question, lambda usage: self._allowance.settle(*call, self._cost(usage)))
        except (ModelBusy, ModelMisconfigured):
            self._allowance.settle(*call, NOTHING)  # it was not answered; after a time-out nobody knows
            raise

    def _most(self, question: Question) -> Spending:
        size = len((question.instructions + question.text + json.dumps(question.schema)).encode())
        return self._prices.of(size // _BYTES_OF_A_TOKEN + _OVERHEAD, question.most_tokens)

    def _cost(self, usage: Usage) -> Spending:
        return self._prices.of(usage.input_tokens, usage.output_tokens)


def _meanings(labels: Collection[Label]) -> str:
    return "\n".join(
        f"- {label}: {MEANINGS.get(label, label.replace('_', ' '))}" for label in LABELS if label in labels
    )


@cache
def _prompt(name: str) -> str:
    return (resources.files("openhouse.language.bedrock") / "prompts" / f"{name}.md").read_text("utf-8")
