"""A process that posts, as a function's does between two freezes. Each line on stdin is a command; a line answers it.

`post`: to two sockets. `break`: the next post loses a descriptor of the event loop while it runs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from openhouse.delivery.aws_gateway import AwsGateway
from openhouse.delivery.posting_call import Limits
from openhouse.delivery.signing import Credentials, Signer
from openhouse.rooms.gateway import Delivery, Frame


def main(endpoint: str) -> None:
    breaks: list[bool] = []

    def credentials() -> Credentials:
        """Asked while the loop runs."""
        if breaks:
            breaks.clear()
            os.close(_of_the_loops_signals())
        return Credentials("key", "secret")

    def signer(host: str) -> Signer:
        return Signer(service="execute-api", region="us-east-1", host=host, credentials=credentials)

    gateway = AwsGateway(endpoint, signer, limits=Limits(connect=1.0, call=10.0))
    for line in sys.stdin:
        if line == "break\n":
            breaks.append(True)
            gateway._signer.renew()
            sys.stdout.write("told\n")
        else:
            missed = gateway.post([Delivery(["open-1", "open-2"], [Frame(b"{}")], 0.5)])
            sys.stdout.write(f"{missed}\n")
        sys.stdout.flush()


def _of_the_loops_signals() -> int:
    """The second end of the socket pair by which uvloop hears of signals: the younger of two that lie side by side."""
    sockets = [int(link.name) for link in Path("/proc/self/fd").iterdir() if _is_socket(link)]
    return next(number + 1 for number in sorted(sockets) if number + 1 in sockets)


def _is_socket(link: Path) -> bool:
    try:
        return str(link.readlink()).startswith("socket")
    except OSError:
        return False


if __name__ == "__main__":
    main(sys.argv[1])
