"""Questions to the logs, saved where Logs Insights lists them: docs/operations.md, See, says when to ask which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_logs as logs
from constructs import Construct

# Logs Insights flattens lists and objects into a field for each of their parts (`requests.0`), so whoever looks for one
# of them reads the whole line.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
OF_PARTS = ("requests", "rooms", "missed")
ID = "0199a0c19d247b6e"  # stands for the one that is asked about


@dataclass(frozen=True, kw_only=True)
class Query:
    """`of`: functions, whose log groups are asked; none for all of them. `text`: in Logs Insights' language."""

    name: str
    text: str
    of: Sequence[str] = ()


_POSTERS = ("fanout", "fanout_worker", "fast_lane")

QUERIES: tuple[Query, ...] = (
    Query(
        name="One request, from the browser to its posts",
        text=f"""fields @timestamp, service, message, room, first_seq, last_seq, delivered, gone, failed, milliseconds
| filter @message like '{ID}'
| sort @timestamp asc""",
    ),
    Query(
        name="One room's deliveries",
        of=_POSTERS,
        text="""fields @timestamp, service, first_seq, last_seq, delivered, nudged, gone, failed, milliseconds
| filter message = 'delivered' and room = 'team:north'
| sort @timestamp desc | limit 200""",
    ),
    Query(
        name="Slow deliveries",
        of=_POSTERS,
        text="""filter message = 'delivered' and milliseconds > 1000
| stats count(*) as deliveries, max(milliseconds) as slowest, pct(milliseconds, 95) as p95 by room
| sort slowest desc | limit 50""",
    ),
    Query(
        name="Who was not reached",
        of=_POSTERS,
        text="""filter message = 'delivered' and (failed > 0 or unreachable > 0)
| stats sum(failed) as failed, sum(unreachable) as unreachable, count(*) as deliveries by room, bin(5m)
| sort failed desc | limit 100""",
    ),
    Query(
        name="Rooms in which saves collide",
        text=r"""filter message = 'committed' and conflicts > 0
| parse @message /"rooms":\s*\{"(?<room>[^"]+)"/
| stats sum(conflicts) as lost, count(*) as commits, max(conflicts) as most by room, service
| sort lost desc | limit 100""",
    ),
    Query(
        name="Everything that went wrong",
        text="""fields @timestamp, service, level, message, room, connection_id, correlation_id, exception_name
| filter level in ['ERROR', 'CRITICAL', 'WARNING']
| sort @timestamp desc | limit 200""",
    ),
    Query(
        name="What went wrong most often",
        text="""filter level in ['ERROR', 'CRITICAL']
| stats count(*) as times by service, message, exception_name
| sort times desc | limit 50""",
    ),
    Query(
        name="Who connected, and from where",
        of=("socket",),
        text="""fields @timestamp, message, user_id, connection_id, source_ip
| filter message in ['connected', 'disconnected', 'flooded']
| sort @timestamp desc | limit 200""",
    ),
    Query(
        name="Cold starts",
        text="""filter cold_start = 1
| stats count(*) as starts by service, bin(1h)
| sort starts desc | limit 100""",
    ),
)


class SavedQueries(Construct):
    def __init__(self, scope: Construct, id_: str, *, groups: Mapping[str, logs.ILogGroup]) -> None:
        """`groups`: by function."""
        super().__init__(scope, id_)
        for query in QUERIES:
            of = [groups[name] for name in query.of or groups if name in groups]
            logs.CfnQueryDefinition(
                self,
                "".join(filter(str.isalnum, query.name.title())),
                name=f"Openhouse/{query.name}",
                query_string=query.text,
                log_group_names=[group.log_group_name for group in of],
            )
