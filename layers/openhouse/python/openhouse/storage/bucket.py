"""The bucket in which the content of files is, and the only user of S3's client.

Content of people's passes through no function that answers them: browsers send it to addresses that are signed here,
and fetch it from such.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from openhouse.core.errors import Busy
from openhouse.storage.object_keys import FILES

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT = {"404", "NoSuchKey", "NoSuchVersion", "403", "AccessDenied"}  # who may not list is not told which of them
_BUSY = {"SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "503", "500"}
_DELETED_AT_ONCE = 1_000


@dataclass(frozen=True)
class Post:
    """Where a browser sends a form with these `fields`, and the file as the last one, named `file`."""

    url: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Upload:
    """An object as it is now. `size` in bytes."""

    version: str
    size: int


class Bucket:
    """`client`: botocore's of S3, which signs with version 4. Raises Busy, and botocore's ClientError."""

    def __init__(self, client: S3Client, name: str) -> None:
        self._client = client
        self._name = name

    def post_address(self, key: str, *, type_: str, size: int, seconds: int) -> Post:
        """For one object, of exactly this type and size in bytes; until it expires it can be used again and again."""
        post = self._client.generate_presigned_post(
            self._name,
            key,
            Fields={"Content-Type": type_},
            Conditions=[{"Content-Type": type_}, ["content-length-range", size, size]],
            ExpiresIn=seconds,
        )
        return Post(post["url"], post["fields"])

    def get_address(self, key: str, *, type_: str, disposition: str, seconds: int) -> str:
        """From which an object comes under these headers, whatever was said of it before."""
        told = {"ResponseContentType": type_, "ResponseContentDisposition": disposition}
        asked = {"Bucket": self._name, "Key": key, **told}
        return self._client.generate_presigned_url("get_object", Params=asked, ExpiresIn=seconds)

    def newest(self, key: str) -> Upload | None:
        try:
            found = self._called("head_object", Key=key)
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise
        return Upload(found["VersionId"], found["ContentLength"])

    def beginning(self, key: str, version: str, most: int) -> bytes:
        """The first bytes of a version, at most so many."""
        found = self._called("get_object", Key=key, VersionId=version, Range=f"bytes=0-{most - 1}")
        return bytes(found["Body"].read())

    def content(self, key: str) -> bytes | None:
        """All of an object as it is now; None if there is none."""
        try:
            return bytes(self._called("get_object", Key=key)["Body"].read())
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise

    def put(self, key: str, content: bytes, *, type_: str) -> None:
        """What a function has made. May be repeated."""
        self._called("put_object", Key=key, Body=content, ContentType=type_)

    def copy(self, key: str, version: str, to: str, *, type_: str, disposition: str) -> bool:
        """Exactly that version, under another key. False if it is gone."""
        source = {"Bucket": self._name, "Key": key, "VersionId": version}
        told = {"ContentType": type_, "ContentDisposition": disposition, "MetadataDirective": "REPLACE"}
        try:
            self._called("copy_object", Key=to, CopySource=source, **told)
        except ClientError as error:
            if _code(error) in _ABSENT:
                return False
            raise
        return True

    def delete(self, key: str) -> None:
        """What was there ends by the bucket's own rules. May be repeated."""
        self._called("delete_object", Key=key)

    def purge(self, beginning: str) -> list[str]:
        """Everything under keys that begin so, all versions, for good. Returns the keys. May be repeated."""
        if not beginning.startswith(FILES) or beginning == FILES:
            raise ValueError(f"{beginning} is not of one record's files")
        keys: set[str] = set()
        for versions in self._versions(beginning):
            some = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in versions]
            answer = self._called("delete_objects", Delete={"Objects": some, "Quiet": True})
            if answer.get("Errors"):
                raise Busy(f"the bucket kept {len(answer['Errors'])} objects")
            keys |= {each["Key"] for each in some}
        return sorted(keys)

    def _versions(self, beginning: str) -> Iterator[list[Any]]:
        """Some at a time, markers of deletion as well. They are read from the first one on: those before are gone."""
        while True:
            found = self._called("list_object_versions", Prefix=beginning, MaxKeys=_DELETED_AT_ONCE)
            some = [*found.get("Versions", []), *found.get("DeleteMarkers", [])]
            if not some:
                return
            yield some

    def _called(self, operation: str, **parameters: Any) -> Any:
        try:
            return getattr(self._client, operation)(Bucket=self._name, **parameters)
        except ClientError as error:
            if _code(error) in _BUSY:
                raise Busy("the store of files has too much to do; try again in a moment") from error
            raise
        except BotoCoreError as error:
            raise Busy("the store of files cannot be reached; try again in a moment") from error


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
