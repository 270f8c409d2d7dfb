from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from infra.layers import Recipe, build_dependencies
from tests.infra.assembly import Assembly, synthesise_offline

ORIGIN = "https://crm.example.com"


@pytest.fixture(scope="session")
def aws_layer() -> Recipe:
    return build_dependencies("aws")


@pytest.fixture(scope="session")
def local_layer() -> Recipe:
    return build_dependencies("local")


@pytest.fixture(scope="session")
def _syntheses(
    aws_layer: Recipe, local_layer: Recipe, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Assembly]]]:
    folder = tmp_path_factory.mktemp("syntheses")
    with ThreadPoolExecutor(2) as pool:
        yield {
            "aws": pool.submit(synthesise_offline, folder / "aws", target="aws", origins=ORIGIN),
            "local": pool.submit(synthesise_offline, folder / "local", target="local", watchSocketMessages="true"),
        }


@pytest.fixture(scope="session")
def aws(_syntheses: dict[str, Future[Assembly]]) -> Assembly:
    """The app as `cdk deploy` sees it, with a page's origin beside what stands in cdk.json."""
    return _syntheses["aws"].result()


@pytest.fixture(scope="session")
def local(_syntheses: dict[str, Future[Assembly]]) -> Assembly:
    """The app as it goes into the emulator, but that the sockets' messages are watched."""
    return _syntheses["local"].result()
