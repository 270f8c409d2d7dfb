"""Another version of the deployed app, made of the first one's assembly without synthesising again."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

ANSWERS_NEWLY = """

_before = handler


def handler(event, context):
    answer = _before(event, context)
    answer["headers"] = {**answer.get("headers", {}), "Openhouse-Version": "new"}
    return answer
"""
APP = "Openhouse-App"


def next_version(assembly: Path, folder: Path) -> Path:
    """With another function `crm`, whose answers tell that it is new, and another layer below all functions."""
    shutil.copytree(assembly, folder, symlinks=True)
    new = {}
    for name, file, more in (
        ("Crm/Code", "handler.py", ANSWERS_NEWLY),
        ("Layers/Openhouse/Code", "python/openhouse/__init__.py", "\n# Another version.\n"),
    ):
        old = _hash(folder, name)
        asset = folder / f"asset.{old}"
        changed = asset / file
        text = changed.read_text() + more
        shutil.rmtree(changed.parent / "__pycache__", ignore_errors=True)  # which is not compared with its source
        changed.unlink()
        changed.write_text(text)
        new[old] = hashlib.sha256(f"{old} {text}".encode()).hexdigest()
        asset.rename(folder / f"asset.{new[old]}")
    _replace(folder / f"{APP}.template.json", new)
    template = (folder / f"{APP}.template.json").read_bytes()
    new[_hash(folder, f"{APP} Template")] = hashlib.sha256(template).hexdigest()
    for name in (f"{APP}.assets.json", "manifest.json"):
        _replace(folder / name, new)
    return folder


def _hash(folder: Path, name: str) -> str:
    files = json.loads((folder / f"{APP}.assets.json").read_text())["files"]
    (found,) = (hash_ for hash_, each in files.items() if each["displayName"] == name)
    return str(found)


def _replace(path: Path, new: dict[str, str]) -> None:
    text = path.read_text()
    for old, other in new.items():
        text = text.replace(old, other)
    path.write_text(text)
