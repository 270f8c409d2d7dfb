"""Examples of what is said about files over REST, made by the real rules at a fixed time."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from contractgen.lifecycle import AVA, NOON, Named, made_id
from openhouse.core import clock
from openhouse.core.merge_patch import Document
from openhouse.crm.file_rows import IMPORT, FileRow
from openhouse.crm.file_types import served_as
from openhouse.crm.files import FETCH_SECONDS, object_of, told
from openhouse.crm.uploads import UPLOAD_SECONDS
from openhouse.storage.object_keys import upload_object

_BUCKET = "https://openhouse-files.s3.us-east-1.amazonaws.com"
_ROW = FileRow(
    id=made_id(7),
    noun="escrow",
    record_id=made_id(1),
    field="files",
    name="Grant deed.pdf",
    type="application/pdf",
    size=182_044,
    by=AVA.user_id,
    ends_at=None,
    kept=True,
)


def _after(seconds: int) -> str:
    return clock.to_wire(NOON + timedelta(seconds=seconds))


def _new(row: FileRow) -> Document:
    file = told(row, row.name)
    return {name: file[name] for name in ("name", "type", "size", "for")}


def _address() -> Document:
    """What S3 has to be sent, but for the signature, which is made of a secret."""
    fields = {
        "Content-Type": _ROW.type,
        "key": upload_object(AVA.brokerage_id, _ROW.id),
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": f"ASIA.../{NOON:%Y%m%d}/us-east-1/s3/aws4_request",
        "x-amz-date": f"{NOON:%Y%m%dT%H%M%SZ}",
        "policy": "eyJleHBpcmF0aW9uIjog...",
        "x-amz-signature": "8786ccb8...",
    }
    return {"id": _ROW.id, "url": f"{_BUCKET}/", "fields": fields, "expiresAt": _after(UPLOAD_SECONDS)}


def _readable() -> Document:
    type_, disposition = served_as(_ROW.type, _ROW.name)
    asked = f"response-content-type={quote(type_, safe='')}&response-content-disposition={quote(disposition, safe='')}"
    url = f"{_BUCKET}/{object_of(AVA, _ROW)}?{asked}&X-Amz-Expires={FETCH_SECONDS}&X-Amz-Signature=2242bf65..."
    return {**told(_ROW, _ROW.name), "url": url, "expiresAt": _after(FETCH_SECONDS)}


_IMPORTED: Document = {"name": "Leads.csv", "type": "text/csv", "size": 48_120, "for": {"noun": IMPORT}}

BODIES: dict[str, Named] = {"createFile": {"of an escrow": _new(_ROW), "of an import": _IMPORTED}}

ANSWERS: dict[str, Document] = {
    "createFile": _address(),
    "finishFile": told(_ROW, _ROW.name),
    "getFile": _readable(),
    "listFiles": {"items": [_readable()]},
}
