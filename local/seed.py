"""The demo brokerage, set up by the same calls that an operator and an administrator make."""

from __future__ import annotations

from collections.abc import Iterable

from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from deployed.people import Administrator, Operator, Person
from deployed.sign_in import DEMO_PASSWORD, sign_in

BROKER_ID = "harbor"
BROKER_NAME = "Harbor"
TEAMS = {"north": "North", "south": "South"}

ADMIN = Person(email="admin@demo.test", name="Alex Admin", role="admin")
PEOPLE = (
    Person(email="dana@demo.test", name="Dana", role="broker"),
    Person(email="ava@demo.test", name="Ava", team_ids=("north",)),
    Person(email="ben@demo.test", name="Ben", team_ids=("north",)),
    Person(email="josh@demo.test", name="Josh", team_ids=("north",)),
    Person(email="nora@demo.test", name="Nora", role="lead", team_ids=("north",)),
    Person(email="kim@demo.test", name="Kim", team_ids=("north", "south")),
    Person(email="mia@demo.test", name="Mia", team_ids=("south",)),
    Person(email="leo@demo.test", name="Leo", team_ids=("south",)),
)


def seed(cloud: Cloud, deployment: Deployment) -> None:
    """For a fresh deployment only. Raises CommandFailed."""
    operator = Operator(cloud, deployment)
    operator.found(BROKER_ID, BROKER_NAME, ADMIN, DEMO_PASSWORD)
    for team_id, name in TEAMS.items():  # with ids that can be read in this brokerage's rooms
        operator.put_team(BROKER_ID, team_id, name)
    hire(cloud, deployment, PEOPLE)


def hire(cloud: Cloud, deployment: Deployment, people: Iterable[Person]) -> None:
    """Into the brokerage of the demo, each with a login. Raises CommandFailed."""
    operator = Operator(cloud, deployment)
    with Administrator(deployment.endpoints, sign_in(deployment.endpoints, ADMIN.email, DEMO_PASSWORD)) as admin:
        for person in people:
            with operator.login(person, DEMO_PASSWORD) as user_id:
                admin.put_user(user_id, person)
