"""Every operation of REST: those of each module's records, and those about people.

A function imports the list that it serves; whoever reads them all asks `operations_of`.
"""

from __future__ import annotations

from collections.abc import Iterable

from openhouse.api.operations.operation import AnyOperation
from openhouse.crm.module import Module


def operations_of(modules: Iterable[Module]) -> list[AnyOperation]:
    from openhouse.api.operations.people import PEOPLE_OPERATIONS  # noqa: PLC0415 - the crm function needs none of them
    from openhouse.api.operations.records import record_operations  # noqa: PLC0415 - nor the directory function these

    return [*(operation for module in modules for operation in record_operations(module)), *PEOPLE_OPERATIONS]
