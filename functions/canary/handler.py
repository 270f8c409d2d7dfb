"""Once a minute: a commit that must arrive."""

from typing import Any

from openhouse.core.observability import observed
from openhouse.functions import CANARY

SONG = CANARY.start()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return {"milliseconds": SONG.sing()}
