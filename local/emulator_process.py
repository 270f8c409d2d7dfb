"""The emulator's own process: MiniStack, tied to the life of whoever started it.

Standard input is a pipe that the starter holds open and never writes to. However the starter ends, killed outright
included, the pipe closes, and then all of it goes: MiniStack, its Lambda workers, and their temporary files.
"""

import importlib
import os
import runpy
import shutil
import signal
import threading


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


if __name__ == "__main__":
    threading.Thread(target=end_with_the_starter, daemon=True).start()
    answer_without_waiting_for_logs()
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)
