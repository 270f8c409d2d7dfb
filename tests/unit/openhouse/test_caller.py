from __future__ import annotations

import json

from openhouse.identity import authorizer_context
from tests.fakes import AVA, principal


def test_the_authorizers_context_carries_the_principal() -> None:
    assert authorizer_context.principal_of(authorizer_context.context(AVA)) == AVA
    assert authorizer_context.principal_of(authorizer_context.socket_context(AVA)) == AVA


def test_a_sockets_context_stays_within_8_kb_however_many_teams_there_are() -> None:
    busy = principal("dana", *(f"team-{number:032d}" for number in range(200)), role="broker")
    assert len(json.dumps(authorizer_context.socket_context(busy))) < 1_000
    assert authorizer_context.principal_of(authorizer_context.socket_context(busy)).rooms == (
        "user:dana",
        "broker:harbor",
    )
