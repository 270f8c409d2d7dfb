"""What is said about files over REST."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from openhouse.api.query_parameters import listed
from openhouse.core.ids import MAX_ID_LENGTH
from openhouse.core.wire import Moment, Wire
from openhouse.crm.fields import FileName, MediaType, Whole
from openhouse.crm.file_rows import IMPORT
from openhouse.crm.uploads import MAX_FILE_BYTES, MAX_IMPORT_BYTES

MOST_ASKED = 50  # files by their ids at once

_Id = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_LENGTH)]
_Noun = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,40}$")]


class FileOf(Wire):
    """The record that a file belongs to, and the field of it; or `import` as the noun, and nothing else."""

    noun: Annotated[_Noun, Field(description="Such as `escrow`, or `import`.")]
    id: Annotated[_Id | None, Field(description="The record's.")] = None
    field: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z]{0,40}$")] | None,
        Field(description="Such as `files` of escrows, `photos` of listings."),
    ] = None


class NewFile(Wire):
    """`size` in bytes: 25 MB at most, 50 MB for an import."""

    name: FileName
    type: MediaType
    size: Annotated[Whole, Field(ge=1, le=10**12, description=f"{MAX_FILE_BYTES:,}, or {MAX_IMPORT_BYTES:,}, at most.")]
    for_: Annotated[FileOf, Field(alias="for")]

    def cross_field_errors(self) -> Iterator[tuple[str, str]]:
        of = self.for_
        for name, value in (("id", of.id), ("field", of.field)):
            if (value is None) != (of.noun == IMPORT):
                yield f"for.{name}", "belongs to no import" if value else "is needed"


class Address(Wire):
    """Where to send it, until then: a form of these fields in this order, and the file as the last one, `file`."""

    id: str
    url: str
    fields: dict[str, str]
    expires_at: Moment


class KeptFile(Wire):
    """`type` as its content says, `size` in bytes, `by` whom it was uploaded."""

    id: str
    name: str
    type: str
    size: int
    by: str
    for_: Annotated[FileOf, Field(alias="for")]


class ReadableFile(KeptFile):
    """With the address that gives its content to whoever has it, until then."""

    url: str
    expires_at: Moment


class FileList(Wire):
    items: list[ReadableFile]


class FilesQuery(Wire):
    """Of a record by its noun and id; or files by their own ids, of which those are left out that cannot be read."""

    noun: Annotated[_Noun, Field(description="Such as `escrow`.")] | None = None
    id: Annotated[_Id, Field(description="The record's.")] | None = None
    ids: Annotated[
        list[_Id],
        BeforeValidator(listed),
        Field(max_length=MOST_ASKED, description="The files', with commas between."),
    ] = []
