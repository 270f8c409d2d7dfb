"""The built web app as whatever serves it has to answer: its files, how long a browser keeps them, what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from deployed import BUILD
from deployed.terminal import CommandFailed

BUILT = BUILD / "web"

# Their names change with their content.
IMMUTABLE = "public, max-age=31536000, immutable"
# Asked about anew each time; kept nonetheless, as a browser needs for going back at once.
REVALIDATED = "no-cache"

# What else may be in the folder of the build, such as source maps, is no part of the app.
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
# Of an empty style element, which Emotion fills by script.
_NO_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"


@dataclass(frozen=True)
class Answer:
    kind: str
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def origins_of(addresses: Iterable[str]) -> list[str]:
    return sorted({f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, addresses)})


def security_headers(origins: Iterable[str], images: Iterable[str] = ()) -> dict[str, str]:
    """`origins`: those of what the app calls beside its own; `images`: from which it shows some."""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": f"'self' {_NO_STYLE}",
        "img-src": " ".join(["'self' data: blob:", *images]),
        "font-src": "'self'",
        "connect-src": " ".join(["'self'", *origins]),
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "openhouse-worker",  # of web/app/src/worker.ts, which lets its two workers be loaded
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


class WebApp:
    """`addresses`: what it calls; `files`: from where it shows images. Raises CommandFailed if it was never built."""

    def __init__(self, addresses: Iterable[str], built: Path = BUILT, *, files: str = "") -> None:
        if not (built / "index.html").exists():
            raise CommandFailed("The web app is not built: run `make web` first.")
        of_files = [files] if files else []
        headers = security_headers(origins_of([*addresses, *of_files]), origins_of(of_files))
        # All of it, now: a later build takes away files that open pages still ask for.
        self._files = {
            f"/{path.relative_to(built).as_posix()}": Answer(
                KINDS[path.suffix], path.read_bytes(), {**headers, "Cache-Control": _kept(path.relative_to(built))}
            )
            for path in built.rglob("*")
            if path.is_file() and path.suffix in KINDS and not _is_hidden(path.relative_to(built))
        }

    def answer(self, path: str) -> Answer | None:
        """An address without a file is a page of the app, which begins with index.html. A file's may be gone."""
        name = path.rpartition("/")[2]
        return self._files.get(path) or (None if "." in name else self._files["/index.html"])


def _kept(path: Path) -> str:
    return IMMUTABLE if path.parts[0] == "assets" else REVALIDATED


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
