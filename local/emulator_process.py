"""The emulator's own process: MiniStack, tied to the life of whoever started it.

Standard input is a pipe that the starter holds open and never writes to. However the starter ends, killed outright
included, the pipe closes, and then all of it goes: MiniStack, its Lambda workers, and their temporary files.
"""

import hashlib
import importlib
import json
import os
import re
import runpy
import shutil
import signal
import threading
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any


def end_with_the_starter() -> None:
    os.read(0, 1)  # returns only at the end of the pipe
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def answer_without_waiting_for_logs() -> None:
    """MiniStack holds back the answer of every function for 50 ms, in case a first log line is still to come.

    AWS does not, and a request passes several functions. A late line joins the log of the next invocation.
    """
    worker = importlib.import_module("ministack.core.lambda_runtime").Worker
    for_the_first_line, for_another, at_most = 0.001, 0.001, 0.25  # seconds
    worker._drain_stderr_bounded.__defaults__ = (for_the_first_line, for_another, at_most)  # noqa: SLF001 - no setting


def keep_the_lines_of_sockets() -> None:
    """MiniStack forgets what a function says that a WebSocket API calls."""
    worker: Any = importlib.import_module("ministack.core.lambda_runtime").Worker
    service: Any = importlib.import_module("ministack.services.lambda_svc")
    invoke = worker.invoke

    def invoke_and_keep(self: Any, event: Any, request_id: str, **options: Any) -> Any:
        begun = time.monotonic()
        result = invoke(self, event, request_id, **options)
        asked = isinstance(event, dict) and event.get("type") == "REQUEST"  # an authorizer, whose lines are kept
        if not asked and isinstance(event, dict) and "connectionId" in (event.get("requestContext") or {}):
            took = int((time.monotonic() - begun) * 1000)
            failed = result.get("status") == "error"
            service._emit_lambda_logs({"config": self.config}, request_id, result.get("log", ""), failed, took)  # noqa: SLF001
        return result

    worker.invoke = invoke_and_keep


def take_loopback_for_tls() -> None:
    """Buckets and queues refuse whoever does not come over TLS, which MiniStack does not speak."""
    evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
    resolve = evaluator._resolve_condition_key  # noqa: SLF001 - no setting

    def resolve_over_tls(key: str, context: Any) -> Any:
        return "true" if key.lower() == "aws:securetransport" else resolve(key, context)

    evaluator._resolve_condition_key = resolve_over_tls  # noqa: SLF001


def know_sqs_batches_by_their_permission() -> None:
    """SendMessageBatch needs sqs:SendMessage, as AWS has it; MiniStack asks for an action that does not exist."""
    actions: Any = importlib.import_module("ministack.core.iam_actions")
    extract = actions.extract_iam_action

    def extract_known(service: str, *request: Any, **more: Any) -> Any:
        action = extract(service, *request, **more)
        return action.removesuffix("Batch") if service == "sqs" and action else action

    actions.extract_iam_action = extract_known


def know_schedules_by_their_group() -> None:
    """As AWS does; MiniStack takes all for those of the group `default` when it asks who may do something."""
    actions: Any = importlib.import_module("ministack.core.iam_actions")
    extract = actions.extract_resource_arn

    def extract_with_group(
        service: str, method: str, path: str, headers: Any, body: bytes, query: Any, *where: str
    ) -> str:
        arn = str(extract(service, method, path, headers, body, query, *where))
        if service == "scheduler" and (found := query.get("groupName") or json.loads(body or b"{}").get("GroupName")):
            group = found[0] if isinstance(found, list) else found
            return arn.replace(":schedule/default/", f":schedule/{group}/")
        return arn

    actions.extract_resource_arn = extract_with_group


def tell_what_iam_decides() -> None:
    """For `Emulator.decisions`: who asked to do what, each once."""
    evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
    evaluate = evaluator.evaluate
    told: set[tuple[str, ...]] = set()
    file = Path(os.environ["TMPDIR"], "decisions.jsonl").open("w", buffering=1)  # noqa: SIM115 - for as long as it runs

    def evaluate_and_tell(request: Any, *policies: Any) -> Any:
        result = evaluate(request, *policies)
        resource = re.sub("@connections/.*", "@connections/*", request.resource_arn)
        decision = (request.principal_arn, request.action, resource, result.decision)
        if decision not in told:
            told.add(decision)
            file.write(json.dumps(decision) + "\n")
        return result

    evaluator.evaluate = evaluate_and_tell


class SharedLayers(zipfile.ZipFile):
    """Unpacks a layer once: MiniStack does it for every worker of every function, 3,000 files each time."""

    _unpacking = threading.Lock()  # not `_lock`, which each archive has of its own

    def namelist(self) -> list[str]:
        """MiniStack resolves each name of a layer to see that it lies within, which takes a worker a tenth of a second.

        `extractall` lets none out.
        """
        return [] if Path(self.filename or "").name.startswith("layer_") else super().namelist()

    def extractall(self, path: Any = None, *arguments: Any, **options: Any) -> None:
        target = Path(path or ".")
        if not target.name.startswith("layer_"):
            super().extractall(path, *arguments, **options)
            return
        content = "\n".join(f"{each.filename} {each.CRC}" for each in self.infolist())
        shared = Path(os.environ["TMPDIR"]) / f"unpacked-{hashlib.sha256(content.encode()).hexdigest()[:16]}"
        with self._unpacking:
            if not shared.exists():
                super().extractall(shared, self.infolist())
        target.rmdir()
        target.symlink_to(shared)


def unpack_layers_once() -> None:
    runtime: Any = importlib.import_module("ministack.core.lambda_runtime")
    runtime.zipfile = SimpleNamespace(**vars(zipfile) | {"ZipFile": SharedLayers})


def keep_partitions_ordered() -> None:
    """Else a page of 50 takes a third of a second at 5,000 records."""
    dynamodb = importlib.import_module("ministack.services.dynamodb")
    importlib.import_module("local.ordered_partitions").OrderedPartitions(dynamodb)


def poll_streams_side_by_side() -> None:
    """Else a commit would wait for the search index."""
    service = importlib.import_module("ministack.services.lambda_svc")
    importlib.import_module("local.stream_polls").StreamPolls(service)


if __name__ == "__main__":
    threading.Thread(target=end_with_the_starter, daemon=True).start()
    answer_without_waiting_for_logs()
    keep_the_lines_of_sockets()
    take_loopback_for_tls()
    know_sqs_batches_by_their_permission()
    know_schedules_by_their_group()
    tell_what_iam_decides()
    unpack_layers_once()
    keep_partitions_ordered()
    poll_streams_side_by_side()
    importlib.import_module("local.aws_like.install").install()
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)
