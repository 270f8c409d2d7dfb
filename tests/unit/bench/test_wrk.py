from pathlib import Path

import pytest

from bench import wrk
from bench.wrk import WrkMissing


def test_the_wrk_on_the_path_is_the_one_that_is_used(tmp_path: Path):
    assert wrk.find(tmp_path, which=lambda name: f"/usr/bin/{name}").command == "/usr/bin/wrk"


def test_without_debians_tools_it_says_what_to_install(tmp_path: Path):
    with pytest.raises(WrkMissing, match="nor apt-get and dpkg-deb to fetch it with: install wrk"):
        wrk.find(tmp_path, which=lambda _name: None)


def test_an_unpacked_wrk_that_does_not_run_is_none(tmp_path: Path):
    program = tmp_path / "usr" / "bin" / "wrk"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho 'no such library' >&2; exit 127\n")
    program.chmod(0o755)
    with pytest.raises(WrkMissing, match="does not run here: no such library"):
        wrk.find(tmp_path, which=lambda _name: None)
