"""A cold start of one function, in a process that does nothing else: `starts.py` runs this without site-packages.

Reads from standard input what to do (`path`, `events`), and writes what it took: seconds of CPU for the import and for
each call, what was imported, and the bytes of code that were loaded for it. Modules that a Python always has do not
count.
"""

# Nothing is imported here that functions do not import, beside `sys`, `time` and `os`, which Python has anyway.
import os
import sys
import time

ALWAYS = set(sys.modules)


class Context:
    function_name = "function"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:function"
    aws_request_id = "6f0d0c4e-7d2f-4c39-9d3e-0b7f3b9e7a10"


def main() -> None:
    task = eval(sys.stdin.read())
    sys.path[:0] = task["path"]
    began = time.process_time()
    handler = __import__(task["module"])
    took = [time.process_time() - began]
    modules = sorted(set(sys.modules) - ALWAYS)
    size = sum(map(_size, modules))
    for event in task["events"]:
        began = time.process_time()
        handler.handler(event, Context)
        took.append(time.process_time() - began)
    later = sorted(set(sys.modules) - ALWAYS - set(modules))
    answer = {"took": took, "modules": modules, "bytes": size, "later": later, "laterBytes": sum(map(_size, later))}
    sys.stderr.flush()
    os.write(task["answer"], repr(answer).encode())


def _size(name: str) -> int:
    """Bytes of bytecode, which is what a start reads and unpacks; those of machine code are mapped, not read."""
    spec = getattr(sys.modules[name], "__spec__", None)
    cached = getattr(spec, "cached", None)
    try:
        return os.stat(cached).st_size if cached else 0  # noqa: PTH116 - pathlib is among what is counted
    except OSError:
        return 0


if __name__ == "__main__":
    main()
