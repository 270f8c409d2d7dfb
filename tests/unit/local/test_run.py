from __future__ import annotations

import pytest

from deployed.terminal import CommandFailed
from local.run import main


@pytest.mark.parametrize("port", ["80", "65536", "web", "-1"])
def test_what_is_no_port_for_us_is_refused(port: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ending:
        main([f"--port={port}"])
    assert ending.value.code == 2
    assert "is not a port from 1024 to 65535" in capsys.readouterr().err


def test_the_page_and_the_emulator_cannot_have_the_same_port():
    with pytest.raises(CommandFailed, match="both 9000"):
        main(["--port=9000", "--emulator-port=9000"])
