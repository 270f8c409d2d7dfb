"""The Python client of Openhouse: the REST API, live sessions, and a copy of records that is kept up to date.

`protocol`, `room`, `feed` and `cache` are pure: they read frames, put commits in order and apply them to records.
`socket_run` is one socket from its ticket to its end, `session` keeps sockets coming, `rest` is the other half of the
API, `views` tells who looks at a record, and `replica` puts it all together.
"""

from openhouse_client.clock import SystemClock
from openhouse_client.environment import Environment, Timings
from openhouse_client.errors import ClientError, Problem
from openhouse_client.listener import Listener, Recovered, State, Status
from openhouse_client.protocol import Commit, Event, Position
from openhouse_client.replica import Replica
from openhouse_client.rest import Rest
from openhouse_client.session import Session
from openhouse_client.tokens import Token, TokenCache
from openhouse_client.views import Look, Viewers

__all__ = [
    "ClientError",
    "Commit",
    "Environment",
    "Event",
    "Listener",
    "Look",
    "Position",
    "Problem",
    "Recovered",
    "Replica",
    "Rest",
    "Session",
    "State",
    "Status",
    "SystemClock",
    "Timings",
    "Token",
    "TokenCache",
    "Viewers",
]
