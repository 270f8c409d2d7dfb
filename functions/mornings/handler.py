"""Every hour: those whose morning it is are told what their day has."""

from dataclasses import asdict
from typing import Any

from openhouse.core.observability import observed
from openhouse.functions import MORNINGS

BRIEFS = MORNINGS.start()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return asdict(BRIEFS.tell())
