"""Stand-ins for what a collector's test must not have: real time, and the wide world."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from collectors.http import Client

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@dataclass
class FakeTime:
    """A clock that only sleeping moves; `slept` holds every wait, in seconds."""

    slept: list[float] = field(default_factory=list)

    def clock(self) -> datetime:
        return NOW + timedelta(seconds=sum(self.slept))

    def monotonic(self) -> float:
        return 1000.0 + sum(self.slept)

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)


def http_settings(**changes: Any) -> SimpleNamespace:
    """The [http] section, with short times so that a mistake fails soon."""
    usual = {
        "contact": "keeper@example.org",
        "timeout_seconds": 5.0,
        "deadline_seconds": 10.0,
        "max_body_mb": 1.0,
        "retry_after_max_seconds": 120.0,
    }
    return SimpleNamespace(**{**usual, **changes})


def section(**settings: Any) -> SimpleNamespace:
    """A source's section of the configuration, without a pace."""
    return SimpleNamespace(**{"base_url": None, "seconds_between_requests": 0.0, **settings})


@contextmanager
def a_client(fake_time: FakeTime | None = None, *, real_deadline: bool = False, **changes: Any) -> Iterator[Client]:
    """A client in fake time; with `real_deadline` the time a request may take is real."""
    fake_time = fake_time or FakeTime()
    real: dict[str, Any] = {} if real_deadline else {"monotonic": fake_time.monotonic}
    client = Client(http_settings(**changes), clock=fake_time.clock, sleep=fake_time.sleep, version="0.1.0", **real)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def raw_server(talk: Callable[[socket.socket], object]) -> Iterator[str]:
    """The address of a loopback server that reads one request and then talks as it likes, right or wrong."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    closing = threading.Event()

    def serve() -> None:
        while not closing.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection, suppress(OSError):
                connection.settimeout(5)
                connection.recv(65_536)
                talk(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        closing.set()
        thread.join()
        listener.close()
