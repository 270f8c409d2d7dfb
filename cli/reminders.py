"""`openhouse reminders`: makes the schedules anew by which people are reminded of appointments."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cli.rooms import rooms_of
from deployed.cloud import Cloud
from deployed.endpoints import Deployment, stack_outputs
from deployed.terminal import CommandFailed, Interrupted, Steps, Tell, say
from openhouse.collaboration.reminders import AppointmentSchedules, Plan, plan_of
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.delivery.schedules import AwsSchedules
from openhouse.delivery.timer_queue import SqsTimers
from openhouse.rooms.timers import Unschedulable
from openhouse.services import Services
from openhouse.storage.keys import record_range
from openhouse.storage.table import Table

_NEEDED = ("TimersUrl", "TimersArn", "ScheduleGroup", "ScheduleRoleArn")


def remake_schedules(cloud: Cloud, brokerage_id: str, steps: Steps) -> int:
    """Of all appointments to come. Returns how many these are. Raises CommandFailed, and what boto3 raises."""
    with steps.step("addresses"):
        outputs = stack_outputs(cloud.cloudformation())
        deployment = Deployment.from_outputs(outputs, cloud.emulator_url)
        follower = schedules_of(cloud, outputs)
    client = cloud.session.client("dynamodb", endpoint_url=cloud.endpoint)
    table = Table(client, deployment.table_name, deployment.records_table_name)
    try:
        with steps.step("appointments") as tell:
            return schedule_brokerage(Services(table), follower, brokerage_id, tell)
    except KeyboardInterrupt:
        raise Interrupted("Stopped. Run it again: nothing is scheduled twice.") from None


def schedules_of(cloud: Cloud, outputs: Mapping[str, str]) -> AppointmentSchedules:
    """Those of the deployment with these outputs. Raises CommandFailed."""
    if missing := [name for name in _NEEDED if name not in outputs]:
        raise CommandFailed(f"The stacks lack the outputs {', '.join(missing)}: deploy first.")
    session, endpoint = cloud.session, cloud.endpoint
    schedules = AwsSchedules(
        session.client("scheduler", endpoint_url=endpoint),
        group=outputs["ScheduleGroup"],
        role=outputs["ScheduleRoleArn"],
        queue=outputs["TimersArn"],
    )
    timers = SqsTimers(session.client("sqs", endpoint_url=endpoint), outputs["TimersUrl"])
    return AppointmentSchedules(lambda: schedules, lambda: timers)


def schedule_brokerage(
    services: Services, follower: AppointmentSchedules, brokerage_id: str, tell: Tell | Callable[[str], None]
) -> int:
    """Room by room. Returns how many appointments are to be reminded of. Raises CommandFailed."""
    made = 0
    for room in rooms_of(services.directory, brokerage_id):
        for item in services.table.query(*record_range(room, APPOINTMENTS.noun)):
            if plan := plan_of(item):
                made += _follow(follower, plan)
                tell(f"{made:,} to come")
    return made


def _follow(follower: AppointmentSchedules, plan: Plan) -> bool:
    try:
        return follower.follow(plan)
    except Unschedulable as why:
        say(f"Nobody will be reminded of {plan.timer.about['id']}: {why}")
        return False
