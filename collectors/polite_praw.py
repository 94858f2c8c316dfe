"""PRAW on our own terms: it reads no praw.ini, sends all through the polite client, and never logs in."""

from __future__ import annotations

import configparser
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from collectors.base import Changed
from collectors.http import Client
from collectors.turns import seconds_until

if TYPE_CHECKING:
    import praw


def open_praw(
    client: Client,
    *,
    client_id: str,
    client_secret: str,
    base_url: str | None,
    pace: float,
    clock: Callable[[], datetime],
) -> praw.Reddit:
    """A read-only Reddit; `base_url` stands in for both of its hosts."""
    import praw
    from praw.config import Config

    if Config.CONFIG is None:
        # PRAW would also read praw.ini in the working directory, where a stranger's can name another host.
        own = configparser.ConfigParser(interpolation=None)
        own.read_string((files("praw") / "praw.ini").read_text("utf-8"))
        Config.CONFIG = own
    base = (base_url or "").rstrip("/")
    return praw.Reddit(
        "DEFAULT",
        client_id=client_id,
        client_secret=client_secret,
        user_agent=f"python:ostpulse:{client.version} ({client.contact or 'no contact given'})",
        # Said outright, because PRAW would look for them in the environment: we never act as somebody.
        username=None,
        password=None,
        refresh_token=None,
        redirect_uri=None,
        reddit_url=base or "https://www.reddit.com",
        oauth_url=f"{base}/" if base else "https://oauth.reddit.com",
        check_for_updates=False,
        check_for_async=False,
        requestor_kwargs={"session": _PoliteSession(client, pace, clock)},
    )


class _PoliteSession:
    """What PRAW takes for a session of requests: all its requests go through our client.

    The client paces, waits and caps, so PRAW is not shown the rate headers: it would believe a reset in 31
    years, sleep where nobody can wake it, and stumble over a number it does not expect.
    """

    def __init__(self, client: Client, pace: float, clock: Callable[[], datetime]) -> None:
        self.headers: dict[str, str] = {}
        self._client = client
        self._pace = pace
        self._clock = clock

    def request(
        self,
        method: str,
        url: str,
        *,
        timeout: float,
        headers: Mapping[str, str],
        allow_redirects: bool = False,
        **sent: Any,
    ) -> requests.Response:
        host = urlsplit(url).netloc
        site = host if host.endswith(".reddit.com") else f"reddit.com (at {host})"
        response = self._client.request(
            method.upper(), url, pace=self._pace, site=site, headers={**self.headers, **headers}, **sent
        )
        for name in ("remaining", "reset", "used"):
            response.headers.pop(f"x-ratelimit-{name}", None)
        # It looks for its errors' names in here, and knows two of them.
        response.headers.pop("www-authenticate", None)
        if response.status_code == 401:
            response.headers["www-authenticate"] = 'Bearer error="invalid_token"'
        wait = seconds_until(response.headers.pop("retry-after", None), self._clock())
        if wait is not None:
            response.headers["retry-after"] = str(wait)
        # PRAW takes an empty answer, and the word null, for a list without posts.
        if response.status_code in (200, 204) and not response.content.lstrip().startswith((b"{", b"[")):
            raise Changed(f"{site}: answered with {'no JSON' if response.content.strip() else 'nothing'}")
        return response

    def close(self) -> None:
        """Nothing: the client is its owner's to close."""
