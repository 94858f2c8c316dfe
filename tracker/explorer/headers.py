"""What goes around every reply: security headers, a check of the path, and CSV that no spreadsheet runs."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Collection, Iterator, MutableMapping
from importlib.resources import files
from typing import Any

from tracker.explorer.csv_safety import SafeCsv

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_FACET_FLAG = "{{ datasette_allow_facet }}"


def guarded(application: Application, policy: str) -> Application:
    """`application` with our headers on every reply and CSV made safe; a path with a backslash is refused.

    (Datasette 0.65 redirects `/\\host/` to `/\\host`, which browsers read as another host.)
    """
    added = [
        (b"content-security-policy", policy.encode("ascii")),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
    ]
    names = {name for name, _ in added}

    async def reply(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        rows: SafeCsv | None = None

        async def send_guarded(message: Message) -> None:
            nonlocal rows
            if message["type"] == "http.response.start":
                kept = [(key, value) for key, value in message.get("headers", []) if key.lower() not in names]
                message = {**message, "headers": [*kept, *added]}
                rows = SafeCsv() if _is_csv(scope["path"], kept) else None
            elif rows is not None:
                message = {**message, "body": rows.take(message.get("body", b""), last=not message.get("more_body"))}
            await send(message)

        if "\\" in scope["path"]:
            await _refuse(send_guarded, 400, b"Bad request: a backslash in the path")
        else:
            await application(scope, receive, send_guarded)

    return reply


def only_hosts(application: Application, hosts: Collection[str]) -> Application:
    """Refuse a request whose Host is none of ours: a foreign page cannot reach us by a name that it points here."""

    async def reply(scope: Message, receive: Receive, send: Send) -> None:
        named = dict(scope.get("headers", ())).get(b"host", b"").decode("latin-1")
        if scope["type"] == "http" and re.sub(r":\d+$", "", named) not in hosts:
            await _refuse(send, 400, b"Bad request: this explorer answers on this machine only")
        else:
            await application(scope, receive, send)

    return reply


async def _refuse(send: Send, status: int, reason: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(reason))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason})


def _is_csv(path: str, headers: list[tuple[bytes, bytes]]) -> bool:
    kind = next((value for key, value in headers if key.lower() == b"content-type"), b"")
    return path.endswith(".csv") and kind.startswith((b"text/plain", b"text/csv"))


def content_policy() -> str:
    """The content security policy: of inline scripts only those that Datasette's own templates hold, by hash.

    Inline styles stay allowed, because Datasette's pages hold them in attributes and its editor makes them.
    """
    scripts = " ".join(f"'sha256-{_digest(script)}'" for script in sorted(set(_inline_scripts())))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _inline_scripts() -> Iterator[str]:
    for template in (files("datasette") / "templates").iterdir():
        if template.name.endswith(".html"):
            for script in _INLINE_SCRIPT.findall(template.read_text("utf-8")):
                for flag in ("true", "false"):
                    filled = script.replace(_FACET_FLAG, flag)
                    if "{{" not in filled and "{%" not in filled:
                        yield filled


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
