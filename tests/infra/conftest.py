import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra.layers import Recipe, build_dependencies
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.entities import ENTITIES
from tests.contract.sixth_module import OFFERS
from tests.functional.live_entities import VIEWINGS
from tests.infra.assembly import Assembly, app_of, synthesise, synthesise_offline

ORIGIN = "https://crm.example.com"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:crm/tokens-AbCdEf"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
RESTORED = {
    "table": "arn:aws:dynamodb:us-east-1:111122223333:table/restored-table/stream/2026-03-02T12:00:00.000",
    "records": "arn:aws:dynamodb:us-east-1:111122223333:table/restored-records/stream/2026-03-02T12:00:01.000",
}
# But for the account's log role and the log of messages, of whose absence cdk-nag has something to say, and jwksUrl, in
# whose place the secret is.
OTHER_CHOICES: dict[str, Any] = {
    "origins": "https://crm.example.com, https://staging.example.com:8443",
    "issuer": "https://login.example.com",
    "audience": "crm",
    "hs256SecretArn": SECRET,
    "hs256KeyArn": KEY,
    "trustClaims": "true",
    "brokerageShards": "32",
    "postsPerSecond": "1500",
    "requestsPerSecond": "300",
    "socketEventsPerSecond": "200",
    "workers": "2",
    "fanoutConcurrency": "8",
    "authorizerSeconds": "0",
    "fastLane": "false",
    "provisionedConcurrency": '{"crm": 2, "fanout": 1}',
    "pingSeconds": "60",
    "languageModel": "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "languageModelRegion": "us-west-2",
    "languageModelDestinations": "us-east-1, us-west-2",
    "languageModelPrices": "100, 500",
    "languageModelTokensPerDay": "5000",
    "languageModelCentsPerDay": "20",
    "logLevel": "DEBUG",
    "systemLogLevel": "INFO",
    "restoredTables": json.dumps(RESTORED),
    "canary": "false",
    "dashboard": "false",
    "monthlyBudget": "50",
    "alarmTopicArn": "arn:aws:sns:us-east-1:111122223333:operators",
}


@pytest.fixture(scope="session")
def aws_layer() -> Recipe:
    return build_dependencies("aws")


@pytest.fixture(scope="session")
def local_layer() -> Recipe:
    return build_dependencies("local")


@pytest.fixture(scope="session")
def _offline(aws_layer: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Future[Assembly]]:
    folder = tmp_path_factory.mktemp("aws")
    with ThreadPoolExecutor(1) as pool:  # while this process makes the others
        yield pool.submit(synthesise_offline, folder, target="aws", origins=ORIGIN)


@pytest.fixture(scope="session")
def aws(_offline: Future[Assembly]) -> Assembly:
    """The app as `cdk deploy` sees it, with a page's origin beside what stands in cdk.json."""
    return _offline.result()


@pytest.fixture(scope="session")
def local(local_layer: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    """The app as it goes into the emulator, but that the sockets' messages are watched."""
    return synthesise(tmp_path_factory.mktemp("local"), target="local", watchSocketMessages="true")


@pytest.fixture(scope="session")
def more(aws_layer: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    """The same as `aws`, of an app that has more: a module which is called like the others, one of its own kind, and
    live entities.
    """
    deals = replace(ESCROWS, noun="deal", path="deals")
    entities = (*ENTITIES, deals, OFFERS, VIEWINGS)
    return synthesise(tmp_path_factory.mktemp("more"), entities=entities, target="aws", origins=ORIGIN)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A web app as `make web` leaves it, and what has no place in it."""
    folder = tmp_path_factory.mktemp("web")
    assets = ("assets/app-1.js", "assets/app-1.js.map", "assets/app-1.css")
    for name in ("index.html", "icon.svg", "sw.js", ".hidden", *assets):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return folder


@pytest.fixture(scope="session")
def elsewhere(aws_layer: Recipe, tmp_path_factory: pytest.TempPathFactory, built: Path) -> Assembly:
    """Everything that cdk.json lets a deployment choose, chosen otherwise, and no finding of cdk-nag accepted."""
    from infra.accepted_findings import check  # noqa: PLC0415 - see `app_of`

    folder = tmp_path_factory.mktemp("elsewhere")
    app = app_of(folder, **OTHER_CHOICES, webApp=str(built))
    check(app, accepted=())
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    return Assembly(folder)
