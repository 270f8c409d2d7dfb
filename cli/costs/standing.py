"""What a deployment has whether anybody works or not: `tests/infra/test_costs.py` holds it against the templates."""

from __future__ import annotations

from openhouse.core.metrics import Metric
from openhouse.functions import FUNCTIONS

ALARMS = 44  # metrics that alarms watch: AWS charges each
DASHBOARDS = 1
CANARY_A_MONTH = 60 * 730  # one a minute
CANARY_WAITS_MS = 900  # for its socket, the reply to its `sync`, and its commit through the stream
# Told each hour, as the canary sees to it: the rest while people work.
_ALWAYS = (
    Metric.COMMITS,
    Metric.COMMIT_TO_POST,
    Metric.POSTS,
    Metric.CONNECTIONS,
    Metric.DISCONNECTIONS,
    Metric.CANARY,
)
METRICS_ALWAYS = len(_ALWAYS)
METRICS_AT_WORK = len(Metric) - len(_ALWAYS)
POLLED_QUEUES = 2  # that Lambda asks for messages all the time, where there are any or not
POLLS_A_MINUTE = 15  # of each: five at a time wait for 20 seconds
ACCESS_LINE_BYTES = 360  # of the HTTP API, for each request
TRACED = frozenset(spec.name for spec in FUNCTIONS if spec.trigger.is_traced)
TRACED_A_SECOND, TRACED_OF_OTHERS = 1.0, 0.05  # Lambda's own sampling

HOURS = 730.0  # of a month
MEMORY_GB = {spec.name: spec.memory_mb / 1024 for spec in FUNCTIONS}
