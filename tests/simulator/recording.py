"""Histories as files, one for each client: what it had to do, and what it was told. `README.md` describes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.simulator.choices import Choices
from tests.simulator.log import Log
from tests.simulator.running import run


def record(directory: Path, seeds: Sequence[int]) -> list[Path]:
    """Returns the files. Raises Failure for a history that fails."""
    directory.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for seed in seeds:
        steps: dict[str, list[dict[str, Any]]] = {}
        if failure := run(Choices(seed), log=lambda device, steps=steps: _into(steps, device), roomy=True):  # type: ignore[misc]
            raise failure
        for device, told in steps.items():
            path = directory / f"{seed:06d}-{device}.jsonl"
            path.write_text("".join(json.dumps(step, ensure_ascii=False) + "\n" for step in told), encoding="utf-8")
            written.append(path)
    return written


def _into(steps: dict[str, list[dict[str, Any]]], device: str) -> Log:
    return steps.setdefault(device, []).append
