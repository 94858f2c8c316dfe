"""When a host may be asked again: its pace, the waits it asked for, its rest after it was not reached."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from collectors.base import Unavailable
from models.korean_time import iso

LONGEST_HOLD = 3600.0
"""Seconds for which a host's wish to be left alone is believed; after that it is asked once more."""

REST_AFTER_FAILURE = 300.0
"""Seconds a host is left alone that could not be reached, so that a dead server does not hold up others."""

EPOCH_FROM = 1e9
"""A rate limit's reset above this is a moment in seconds since 1970 (Bluesky), below it a wait (Reddit)."""


class _Hold(NamedTuple):
    until: float
    why: str
    may_wait: bool


class Turns:
    """The pace of each host, on a monotonic clock; `longest_wait` is what a request may be made to wait."""

    def __init__(
        self,
        *,
        longest_wait: float,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._longest_wait = longest_wait
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._asked: dict[str, float] = {}
        self._holds: dict[str, _Hold] = {}

    def take(self, host: str, *, pace: float, site: str) -> None:
        """Wait until `host` may be asked, at least `pace` seconds after it was last asked.

        Raises Unavailable at once where it rests after a failure or asks for a longer wait than is allowed.
        """
        now = self._monotonic()
        hold = self._holds.get(host)
        held = hold.until - now if hold else 0.0
        if hold and held > 0 and (not hold.may_wait or held > self._longest_wait):
            raise Unavailable(f"{site}: {self._why(hold, held)}")
        wait = max(held, self._asked.get(host, -math.inf) + pace - now)
        if wait > 0:
            self._sleep(wait)
        self._holds.pop(host, None)
        self._asked[host] = self._monotonic()

    def is_held(self, host: str) -> bool:
        """Whether `take` will wait, or refuse, for another reason than the pace."""
        return host in self._holds

    def rest(self, host: str, why: str) -> None:
        """Leave a host alone for a while after it could not be reached."""
        self._holds[host] = _Hold(self._monotonic() + REST_AFTER_FAILURE, why, may_wait=False)

    def learn(self, host: str, status: int, headers: Mapping[str, str]) -> None:
        """Believe what an answer says of waiting: Retry-After, or a used-up rate limit and its reset."""
        now = self._clock()
        wait = None
        if status in (429, 503):
            wait = seconds_until(headers.get("Retry-After"), now)
        remaining = _number(headers.get("X-RateLimit-Remaining"))
        if wait is None and (status == 429 or (remaining is not None and remaining < 1)):
            wait = seconds_until(headers.get("X-RateLimit-Reset"), now, epoch=True)
        if wait:
            held = min(wait, LONGEST_HOLD)
            self._holds[host] = _Hold(self._monotonic() + held, "asks to be left alone", may_wait=True)

    def _why(self, hold: _Hold, seconds: float) -> str:
        if not hold.may_wait:
            return hold.why
        return f"{hold.why} for {seconds:.0f} s, until {iso(self._clock() + timedelta(seconds=seconds))}"


def seconds_until(value: str | None, now: datetime, *, epoch: bool = False) -> float | None:
    """Seconds from `now` to a header's time, never below 0; None where it is missing or makes no sense.

    Knows seconds, HTTP dates, ISO 8601 (Mastodon) and, with `epoch`, seconds since 1970.
    """
    if value is None:
        return None
    number = _number(value)
    if number is not None:
        return max(0.0, number - now.timestamp() if epoch and number > EPOCH_FROM else number)
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(value.strip())
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return max(0.0, (aware - now).total_seconds())
        except (ValueError, OverflowError, TypeError):
            continue
    return None


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
