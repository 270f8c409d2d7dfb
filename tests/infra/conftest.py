from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.layers import Recipe, build_dependencies
from tests.infra.assembly import Assembly, synthesise_offline


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With `--dist loadgroup` one worker takes all of these: what is dear here is the synthesis that they share."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.xdist_group("infra"))


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
            "aws": pool.submit(synthesise_offline, folder / "aws", target="aws"),
            "local": pool.submit(synthesise_offline, folder / "local", target="local"),
        }


@pytest.fixture(scope="session")
def aws(_syntheses: dict[str, Future[Assembly]]) -> Assembly:
    """The app as `cdk deploy` sees it with cdk.json as it is."""
    return _syntheses["aws"].result()


@pytest.fixture(scope="session")
def local(_syntheses: dict[str, Future[Assembly]]) -> Assembly:
    """The app as it goes into the emulator."""
    return _syntheses["local"].result()
