"""The keys of objects in the bucket of files. Where one begins says what may be done with it, and when it goes by
itself (`infra/file_bucket.py`).
"""

from __future__ import annotations

UPLOADS, FILES, IMPORTS = "uploads/", "files/", "imports/"


def upload_object(brokerage_id: str, id_: str) -> str:
    """What somebody uploads, until it is known what it is."""
    return f"{UPLOADS}{brokerage_id}/{id_}"


def file_object(brokerage_id: str, noun: str, record_id: str, id_: str) -> str:
    return f"{file_objects(brokerage_id, noun, record_id, id_)}content"


def file_objects(brokerage_id: str, noun: str, record_id: str, id_: str | None = None) -> str:
    """How the keys begin of all objects of a record, or of one of its files."""
    of_record = f"{FILES}{brokerage_id}/{noun}/{record_id}/"
    return f"{of_record}{id_}/" if id_ else of_record


def import_page(brokerage_id: str, task_id: str, digest: str) -> str:
    """Of what a task of importing has written down, by its content: so it is never anything else."""
    return f"{IMPORTS}{brokerage_id}/{task_id}/{digest}"


def import_object(brokerage_id: str, id_: str) -> str:
    return f"{IMPORTS}{brokerage_id}/{id_}"


def objects_of_brokerage(brokerage_id: str) -> list[str]:
    """How the keys begin of all objects of a brokerage, for whoever removes it."""
    return [f"{beginning}{brokerage_id}/" for beginning in (UPLOADS, FILES, IMPORTS)]
