"""A process that posts, as a function's does between two freezes. Each line on stdin is a command; a line answers it.

`post`: to two sockets. `break`: the next post loses the event loop's descriptor while it runs. `lose`: the descriptors
of all connections are closed.
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
            for number in _descriptors("anon_inode:[eventpoll]"):
                os.close(number)
        return Credentials("key", "secret")

    def signer(host: str) -> Signer:
        return Signer(service="execute-api", region="us-east-1", host=host, credentials=credentials)

    gateway = AwsGateway(endpoint, signer, limits=Limits(connect=1.0, call=10.0))
    for line in sys.stdin:
        if line == "break\n":
            breaks.append(True)
            gateway._signer.renew()
            sys.stdout.write("told\n")
        elif line == "lose\n":
            for number in _descriptors("socket:"):
                os.close(number)
            sys.stdout.write("told\n")
        else:
            missed = gateway.post([Delivery(["open-1", "open-2"], [Frame(b"{}")], 0.5)])
            sys.stdout.write(f"{missed}\n")
        sys.stdout.flush()


def _descriptors(kind: str) -> list[int]:
    """Those that are open, by what Linux shows them as."""
    return [int(link.name) for link in Path("/proc/self/fd").iterdir() if _shown(link).startswith(kind)]


def _shown(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


if __name__ == "__main__":
    main(sys.argv[1])
