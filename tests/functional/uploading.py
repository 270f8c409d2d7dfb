"""Files as browsers bring them, past the form: moto and a bucket in memory look at no policy. `tests/e2e` does."""

from __future__ import annotations

from typing import Any

from openhouse.core.principal import Principal
from openhouse.storage.object_keys import upload_object
from tests.fakes import AVA
from tests.functional.conftest import BUCKET, World
from tests.functional.test_http import call
from tests.memory_bucket import MemoryBucket

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def wish(of: dict[str, str], content: bytes = PDF, type_: str = "application/pdf", name: str = "Deed.pdf") -> Any:
    return {"name": name, "type": type_, "size": len(content), "for": of}


def begin(world: World, body: Any, who: Principal = AVA) -> str:
    """The id of a file that may be sent now."""
    status, address, _ = call(world, "POST", "/files", body, who=who)
    assert status == 201, address
    return str(address["id"])


def send(world: World, id_: str, content: bytes, who: Principal = AVA) -> None:
    key = upload_object(who.brokerage_id, id_)
    if isinstance(world.bucket, MemoryBucket):
        world.bucket.put(key, content)
    else:
        world.bucket._client.put_object(Bucket=BUCKET, Key=key, Body=content)


def bring(world: World, of: dict[str, str], content: bytes = PDF, who: Principal = AVA, **told: Any) -> str:
    """The id of a file that is there."""
    id_ = begin(world, wish(of, content, **told), who)
    send(world, id_, content, who)
    status, answer, _ = call(world, "POST", f"/files/{id_}/done", who=who)
    assert status == 200, answer
    return id_
