"""After the visit: the product is let finish with its sockets, then everything is removed until nothing comes back.

That a socket was closed is told of later than to whoever closed it, and what follows from that writes items anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from cli.doctor.check import NotWell
from cli.doctor.visitor import Visitor

_LOOK_SECONDS = 1.0  # between two looks at sockets


@dataclass(frozen=True)
class Patience:
    """`seconds`: for sockets to end, and again for nothing to come back.

    `apart`: between two looks for what came back. A function that was at work at the first one is done by the next.
    """

    seconds: float = 60.0
    apart: float = 4.0
    sleep: Callable[[float], None] = time.sleep


USUAL = Patience()


def leave(visitor: Visitor, patience: Patience) -> str:
    """What was removed. Raises NotWell if things come back all the time, and what boto3 raises."""
    if not visitor.has_arrived:
        return "nothing was made"
    for _ in range(round(patience.seconds / _LOOK_SECONDS)):
        if not visitor.is_connected():
            break
        patience.sleep(_LOOK_SECONDS)  # in vain of one whose end AWS never tells: its rows go with the others
    visitor.give_up_login()
    removed = back = visitor.remove()
    for _ in range(round(patience.seconds / patience.apart)):
        patience.sleep(patience.apart)
        back = visitor.remove()
        if not back:
            return f"{removed} items and files, and a login, removed"
        removed += back
    raise NotWell(f"items come back whenever they are removed, {back} of them at last")
