"""Every hour: the files whose time has come are removed."""

from typing import Any

from openhouse.core.observability import observed
from openhouse.functions import FILE_ENDS

ENDS = FILE_ENDS.start()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return {"done": ENDS.run()}
