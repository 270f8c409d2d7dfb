"""The emulator's own process: MiniStack, tied to the life of whoever started it.

Standard input is a pipe that the starter holds open and never writes to. However the starter ends, killed outright
included, the pipe closes, and then all of it goes: MiniStack, its Lambda workers, and their temporary files.
"""

import os
import runpy
import shutil
import signal
import threading


def end_with_the_starter() -> None:
    os.read(0, 1)  # returns only at the end of the pipe
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=end_with_the_starter, daemon=True).start()
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)
