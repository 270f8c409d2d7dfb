"""How long AWS takes to answer a call of each operation, of those that benchmarks count or replay."""

from __future__ import annotations

from local.aws_like import measures
from local.aws_like.measures import Delay

MOST_OF_A_SMALL_TRANSACTION = 10  # items: between the 5 and the 25 that were measured

_DELAYS = {
    "GetItem": measures.ITEM_READ,
    "Query": measures.QUERY,
    "PutItem": measures.ITEM_WRITE,
    "UpdateItem": measures.ITEM_WRITE,
    "DeleteItem": measures.ITEM_WRITE,
    "BatchWriteItem": measures.BATCH_WRITE,
    "SendMessageBatch": measures.QUEUE_SEND,
}


def delay_of(operation: str, items: int = 1) -> Delay:
    """Of a call that names so many items. Raises KeyError for an operation that nobody has measured."""
    match operation:
        case "BatchGetItem":
            return measures.ITEM_READ if items == 1 else measures.QUERY
        case "TransactWriteItems":
            small = items <= MOST_OF_A_SMALL_TRANSACTION
            return measures.TRANSACTION if small else measures.LARGE_TRANSACTION
        case _:
            return _DELAYS[operation]
