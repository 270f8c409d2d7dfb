"""The Chromium of tests and benchmarks: the one named by CHROME, else the one inside npm's @sparticuz/chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deployed import BUILD, ROOT
from deployed.cdk import NODE

_PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium"
_UNPACK = Path(__file__).with_name("unpack_chromium.mjs")
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""


@dataclass(frozen=True)
class Chromium:
    path: str
    needs: Mapping[str, str] = field(default_factory=dict)  # of the environment

    @property
    def environment(self) -> dict[str, str | float | bool]:
        """That of this process, and what it needs."""
        return {**os.environ, **self.needs}


def chromium() -> Chromium:
    if named := os.environ.get("CHROME"):
        return Chromium(named)
    version = json.loads((_PACKAGE / "package.json").read_text())["version"]
    folder = BUILD / f"chromium-{version}"
    if not folder.exists():
        _unpack(folder)
    needs = {"LD_LIBRARY_PATH": str(folder / "lib"), "FONTCONFIG_FILE": str(folder / "fonts.conf")}
    return Chromium(str(folder / "chromium"), needs)


def _unpack(folder: Path) -> None:
    """Beside its place, and moved there at the end: whoever comes meanwhile does the same, and one of them is kept."""
    folder.parent.mkdir(exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    try:
        for packed in (_PACKAGE / "bin").glob("*.br"):
            unpacked = making / packed.stem
            subprocess.run([NODE / "node", _UNPACK, packed, unpacked], check=True)
            if unpacked.suffix == ".tar":
                with tarfile.open(unpacked) as archive:
                    archive.extractall(making, filter="data")
                unpacked.unlink()
        (making / "chromium").chmod(0o755)
        (making / "fonts.conf").write_text(_FONTS.format(folder=folder))
        making.rename(folder)
    except OSError:
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
