"""The state machine of tasks: works on one of them for some seconds, or gives it up."""

from typing import Any

from openhouse.core.observability import observed
from openhouse.functions import TASK_STEP

STEPS = TASK_STEP.start()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return STEPS.handle(event)
