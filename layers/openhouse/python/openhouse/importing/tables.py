"""From the bytes of a file to a table of texts: the one way in. Pure."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from openhouse.importing.kinds import Kind, kind_of
from openhouse.importing.rows import Row, Table, Unreadable
from openhouse.importing.text_files import read_text
from openhouse.importing.vcards import read_vcards
from openhouse.importing.workbooks import read_workbook

__all__ = ["Row", "Table", "Unreadable", "read_table"]


def read_table(file: BinaryIO | bytes, name: str, *, header: bool | None = None) -> Table:
    """`file`: can be sought in, and stays open as long as the rows are read. `name`: for messages; content decides.

    `header`: whether the first line names the columns, where somebody knows better than the evidence.
    Raises Unreadable, with a sentence for whoever chose the file.
    """
    source = BytesIO(file) if isinstance(file, bytes) else file
    try:
        match kind_of(source):
            case Kind.WORKBOOK:
                return read_workbook(source, header=header)
            case Kind.VCARD:
                return read_vcards(source)
            case Kind.TEXT:
                return read_text(source, header=header)
    except Unreadable as error:
        raise Unreadable(f"{name}: {error}") from error
