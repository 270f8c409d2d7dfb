"""A bucket in memory, as far as files need one: versions, and what is said of each. `test_bucket.py` holds it to S3."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from openhouse.storage.bucket import Bucket, Post, Upload


@dataclass(frozen=True)
class Version:
    id: str
    content: bytes | None  # None: it was deleted here
    type: str = ""
    disposition: str = ""


class MemoryBucket(Bucket):
    """`objects`: the versions of each key, the newest last."""

    def __init__(self) -> None:
        self.objects: dict[str, list[Version]] = {}
        self._numbers = itertools.count(1)

    def put(self, key: str, content: bytes | None, type_: str = "", disposition: str = "") -> None:
        """Of no content: a mark that it was deleted."""
        version = Version(f"v{next(self._numbers)}", content, type_, disposition)
        self.objects.setdefault(key, []).append(version)

    def post_address(self, key: str, *, type_: str, size: int, seconds: int) -> Post:
        return Post("https://files.test/", {"Content-Type": type_, "key": key})

    def get_address(self, key: str, *, type_: str, disposition: str, seconds: int) -> str:
        return f"https://files.test/{key}?type={type_}&disposition={disposition}"

    def newest(self, key: str) -> Upload | None:
        versions = self.objects.get(key)
        if not versions or versions[-1].content is None:
            return None
        return Upload(versions[-1].id, len(versions[-1].content))

    def beginning(self, key: str, version: str, most: int) -> bytes:
        return self._content(key, version)[:most]

    def content(self, key: str) -> bytes | None:
        versions = self.objects.get(key)
        return versions[-1].content if versions else None

    def copy(self, key: str, version: str, to: str, *, type_: str, disposition: str) -> bool:
        if version not in [each.id for each in self.objects.get(key, [])]:
            return False
        self.put(to, self._content(key, version), type_, disposition)
        return True

    def delete(self, key: str) -> None:
        self.put(key, None)

    def purge(self, beginning: str) -> list[str]:
        keys = sorted(key for key in self.objects if key.startswith(beginning))
        for key in keys:
            del self.objects[key]
        return keys

    def _content(self, key: str, version: str) -> bytes:
        (content,) = (each.content for each in self.objects[key] if each.id == version)
        assert content is not None
        return content
