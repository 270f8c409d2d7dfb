"""What a deployment has whether anybody works or not: `tests/infra/test_costs.py` holds it against the templates."""

from __future__ import annotations

from openhouse.functions import FUNCTIONS

ALARMS = 15
POLLED_QUEUES = 2  # that Lambda asks for messages all the time, where there are any or not
POLLS_A_MINUTE = 15  # of each: five at a time wait for 20 seconds
ACCESS_LINE_BYTES = 360  # of the HTTP API, for each request
TRACED = frozenset(spec.name for spec in FUNCTIONS if spec.trigger.is_waited_for)
TRACED_A_SECOND, TRACED_OF_OTHERS = 1.0, 0.05  # Lambda's own sampling

HOURS = 730.0  # of a month
MEMORY_GB = {spec.name: spec.memory_mb / 1024 for spec in FUNCTIONS}
