"""Once a minute: the tasks of which nothing is heard any more."""

from dataclasses import asdict
from typing import Any

from openhouse.core.observability import observed
from openhouse.functions import TASK_WATCH

RECONCILER = TASK_WATCH.start()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return asdict(RECONCILER.look())
