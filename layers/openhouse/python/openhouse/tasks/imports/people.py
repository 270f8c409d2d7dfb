"""Whose a row is, by what the file says of its owner: a name or an e-mail address of somebody in the brokerage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from openhouse.core.folding import alike
from openhouse.core.principal import Principal
from openhouse.identity.directory import User

_MAY_NAME = ("lead", "broker")


class People:
    def __init__(self, principal: Principal, users: Iterable[User]) -> None:
        self._principal = principal
        self._by_text: defaultdict[str, set[str]] = defaultdict(set)
        for user in users:
            for text in (user.email.casefold(), alike(user.name), " ".join(reversed(alike(user.name).split(" ", 1)))):
                if text:
                    self._by_text[text].add(user.user_id)

    def owner(self, text: str) -> tuple[str | None, str]:
        """Their id, or why it is none."""
        found = self._by_text.get(text.strip().casefold()) or self._by_text.get(alike(text)) or set()
        if len(found) > 1:
            return None, f"several people in your brokerage are called {text}"
        if not found:
            return None, f"nobody in your brokerage is called {text}"
        (id_,) = found
        if id_ != self._principal.user_id and self._principal.role not in _MAY_NAME:
            return None, f"only leads and brokers import for others, such as {text}"
        return id_, ""
