"""The polite client of all live sources: it paces, waits when told to, retries a little, gives up in time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

import requests

from collectors.answer import Answer, in_words, meaning
from collectors.base import Changed, CollectorError, Refused, Unavailable
from collectors.turns import Turns
from collectors.wire import NoAnswer, Stopwatch, exchange, open_session

PAUSES = (2.0, 4.0)
"""Seconds before the second and the third try of a request; there is no fourth."""

HOPS = 5
"""Redirects that are followed."""


class HttpSettings(Protocol):
    """The [http] section of the configuration."""

    @property
    def contact(self) -> str: ...
    @property
    def timeout_seconds(self) -> float: ...
    @property
    def deadline_seconds(self) -> float: ...
    @property
    def max_body_mb(self) -> float: ...
    @property
    def retry_after_max_seconds(self) -> float: ...


class Client:
    """Asks sites over HTTP; one per thread. Every error is a CollectorError that names the place asked."""

    def __init__(
        self,
        settings: HttpSettings,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        version: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.version = version
        self.contact = _header_safe(settings.contact)
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._turns = Turns(
            longest_wait=settings.retry_after_max_seconds, clock=clock, monotonic=monotonic, sleep=sleep
        )
        self._stopwatch = Stopwatch(settings.timeout_seconds, monotonic)
        self._left = settings.deadline_seconds
        self._session = open_session(self._stopwatch)
        self._session.headers["User-Agent"] = user_agent(version, settings.contact)

    def close(self) -> None:
        """Close the connections that are still open."""
        self._session.close()

    def get(
        self,
        url: str,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        base_url: str | None = None,
        *,
        pace: float = 0.0,
        place: str | None = None,
        accept: frozenset[int] = frozenset(),
    ) -> Answer:
        """Ask for `url`; the answer has status 200 or one of `accept`. Unavailable, Refused or Changed else.

        `base_url` takes the place of scheme and host; `pace` is the least seconds between two requests to a
        host. Server errors, broken connections and short waits are tried again, at most three times in all
        and while the request's time lasts; waits that the site asks for do not count as its time.
        """
        address = _address(url, params, base_url)
        # A server that is down is named alone, once for all its queries; what it answers is named with its query.
        site = _called(urlsplit(url).hostname or url, base_url)
        place = _called(place, base_url) if place else site
        self._left = self._settings.deadline_seconds
        for pause in (*PAUSES, None):
            try:
                answer = self._follow(address, headers, pace=pace, site=site, place=place)
            except NoAnswer as trouble:
                if pause is None or not self._left or not trouble.again:
                    raise self._given_up(address, site, trouble) from None
            else:
                if answer.status in accept or meaning(answer.status) == "good":
                    return answer
                if pause is None or not self._left or meaning(answer.status) != "retry":
                    raise _error(answer)
            if not self._turns.is_held(urlsplit(address).netloc):
                self._sleep(pause)
        raise AssertionError("the last try returns or raises")

    def request(self, method: str, url: str, *, pace: float, site: str, **sent: Any) -> requests.Response:
        """One exchange in the terms of `requests`, for a library that judges statuses itself (PRAW).

        Paced, capped and timed as in `get`, but neither redirected nor tried again. Raises Unavailable.
        """
        self._left = self._settings.deadline_seconds
        try:
            return self._once(method, url, pace=pace, site=site, **sent)
        except NoAnswer as trouble:
            raise self._given_up(url, site, trouble) from None

    def _follow(self, address: str, headers: Mapping[str, str] | None, *, pace: float, site: str, place: str) -> Answer:
        for _ in range(HOPS + 1):
            response = self._once("GET", address, pace=pace, site=site, headers=headers)
            if meaning(response.status_code) != "moved":
                shown = _without_query(address)
                return Answer(response.status_code, response.headers, response.content, shown, place, self._clock())
            address = _moved_to(address, response.headers.get("Location"), place)
        raise Changed(f"{place}: {_without_query(address)} redirects in a circle")

    def _once(self, method: str, url: str, *, pace: float, site: str, **sent: Any) -> requests.Response:
        host = urlsplit(url).netloc
        self._turns.take(host, pace=pace, site=site)
        self._stopwatch.start(self._left)
        try:
            response = exchange(
                self._session,
                method,
                url,
                stopwatch=self._stopwatch,
                max_bytes=int(self._settings.max_body_mb * 1e6),
                **sent,
            )
        finally:
            self._left = self._stopwatch.left()
        self._turns.learn(host, response.status_code, response.headers)
        return response

    def _given_up(self, address: str, site: str, trouble: NoAnswer) -> Unavailable:
        why = trouble.reason if trouble.reached else f"cannot be reached ({trouble.reason})"
        if trouble.again or not trouble.reached:
            self._turns.rest(urlsplit(address).netloc, why)
        return Unavailable(f"{site}: {why}")


def user_agent(version: str, contact: str) -> str:
    """How ostpulse names itself: honestly, also when nobody has said whom to write to."""
    whom = _header_safe(contact)
    return f"ostpulse/{version} (K-drama OST tracker; {f'contact: {whom}' if whom else 'no contact given'})"


def _header_safe(text: str) -> str:
    return "".join(sign for sign in text if " " <= sign <= "~").strip()


def _error(answer: Answer) -> CollectorError:
    what = meaning(answer.status)
    words = in_words(answer.status) + answer.complaint()
    if what == "refused":
        return Refused(f"{answer.place}: refused, {words}")
    if what == "changed":
        return Changed(f"{answer.place}: {answer.url} answered {words}")
    return Unavailable(f"{answer.place}: answered {words}")


def _address(url: str, params: Mapping[str, str | int] | None, base_url: str | None) -> str:
    try:
        parts = urlsplit(url)
        if base_url is not None:
            base = urlsplit(base_url)
            parts = parts._replace(scheme=base.scheme, netloc=base.netloc, path=base.path.rstrip("/") + parts.path)
    except ValueError:
        raise Refused(f"{base_url or url}: is not a valid address") from None
    query = "&".join(part for part in (parts.query, urlencode(params or {})) if part)
    return urlunsplit(parts._replace(query=query, fragment=""))


def _called(place: str, base_url: str | None) -> str:
    return place if base_url is None else f"{place} (at {urlsplit(base_url).netloc})"


def _without_query(address: str) -> str:
    return address.partition("?")[0]


def _moved_to(address: str, location: str | None, place: str) -> str:
    """The address a redirect leads to; Changed where that is another site, less safe, or nowhere."""
    if not location:
        raise Changed(f"{place}: {_without_query(address)} redirects to nowhere")
    try:
        target = urljoin(address, location)
        old, new = urlsplit(address), urlsplit(target)
        same_site = _bare(old.hostname) == _bare(new.hostname) and old.port == new.port and "@" not in new.netloc
    except ValueError:
        raise Changed(f"{place}: {_without_query(address)} redirects to nowhere") from None
    if not same_site or new.scheme not in ("https", old.scheme):
        raise Changed(f"{place}: redirects to another place, {new.scheme}://{new.hostname or ''}")
    return target


def _bare(host: str | None) -> str:
    return (host or "").removeprefix("www.")
