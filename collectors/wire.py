"""One exchange over HTTP that neither outlasts its time nor outgrows its cap, whatever the server does.

`timeout=` of requests limits the wait for each piece, so one byte now and then holds a request for ever. Here
every single read, of headers too, gets at most what is left of the whole request's time.
"""

from __future__ import annotations

import http.client
import io
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

PIECE = 65_536
"""Bytes read at once."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class NoAnswer(Exception):
    """No whole answer came. `reached`: there was at least a connection; `again`: worth another try."""

    def __init__(self, reason: str, *, reached: bool, again: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reached = reached
        self.again = again


class Stopwatch:
    """How long the next read may take: the usual timeout, or less when the whole request's time runs out."""

    def __init__(self, timeout: float, monotonic: Callable[[], float]) -> None:
        self.timeout = timeout
        self._monotonic = monotonic
        self._end = monotonic()

    def start(self, seconds: float) -> None:
        """Give the request that begins now so many seconds in all."""
        self._end = self._monotonic() + seconds

    def left(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self._end - self._monotonic())

    def next_read(self) -> float:
        """The timeout of the next read; raises TimeoutError when no time is left."""
        if not self.left():
            raise TimeoutError("the request's time is up")
        return min(self.timeout, self.left())


def open_session(stopwatch: Stopwatch) -> requests.Session:
    """A session whose reads obey `stopwatch`.

    It keeps no cookies and reads neither .netrc nor certificates named in the environment; a proxy named
    there is used, because behind some firewalls nothing else works, but never for this machine itself.
    """
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    session.headers.update({"Accept-Encoding": "gzip, deflate", "Accept": "*/*"})
    for scheme in ("http://", "https://"):
        session.mount(scheme, _TimedAdapter(stopwatch))
    return session


def exchange(
    session: requests.Session, method: str, url: str, *, stopwatch: Stopwatch, max_bytes: int, **sent: Any
) -> requests.Response:
    """Send one request, follow nothing, and read the whole answer. Raises NoAnswer."""
    try:
        request = session.prepare_request(requests.Request(method, url, **sent))
        timeout = (stopwatch.next_read(), stopwatch.timeout)
        # Not session.send(): even when told not to redirect, it reads a redirect's whole body, and keeps cookies.
        response = session.get_adapter(url).send(
            request, stream=True, timeout=timeout, verify=True, proxies=_proxies(url)
        )
        with response:
            # requests has no other way to hand in a body that was read with care.
            response._content = b"".join(_pieces(response, max_bytes))
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
        raise _no_answer(error, stopwatch) from None
    return response


def _pieces(response: requests.Response, max_bytes: int) -> Iterator[bytes]:
    """The body piece by piece, unpacked, so that a small packed bomb is noticed before it fills memory."""
    size = 0
    for piece in response.iter_content(PIECE):
        size += len(piece)
        if size > max_bytes:
            raise NoAnswer(f"the answer is larger than {max_bytes / 1e6:.0f} MB", reached=True, again=False)
        yield piece


def _proxies(url: str) -> dict[str, str]:
    if urlsplit(url).hostname in LOOPBACK:
        return {}
    return dict(get_environ_proxies(url, no_proxy=None))


def _no_answer(error: Exception, stopwatch: Stopwatch) -> NoAnswer:
    """The exceptions of three libraries in a few words, without addresses, objects or memory places."""
    chain = list(_causes(error))
    for kind, reason, reached, again in _REASONS:
        if any(isinstance(cause, kind) for cause in chain):
            if reached and not stopwatch.left():
                break
            return NoAnswer(reason, reached=reached, again=again)
    if not stopwatch.left():
        return NoAnswer("no whole answer in the time a request may take", reached=True, again=True)
    return NoAnswer("the connection broke", reached=True, again=True)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """`error` and all it wraps: requests and urllib3 hide the cause in arguments, `reason` or context."""
    waiting, seen = [error], set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, BaseException) and id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting += [getattr(found, "reason", None), found.__cause__, found.__context__, *found.args]


_REASONS: tuple[tuple[type[BaseException], str, bool, bool], ...] = (
    (urllib3.exceptions.NameResolutionError, "name not found", False, False),
    (requests.exceptions.InvalidURL, "not a valid address", False, False),
    (requests.exceptions.InvalidSchema, "not a valid address", False, False),
    (UnicodeError, "not a valid address", False, False),
    (requests.exceptions.ProxyError, "the proxy does not let it through", False, False),
    (requests.exceptions.SSLError, "no safe connection: certificate or TLS trouble", False, False),
    (requests.exceptions.ConnectTimeout, "no connection in time", False, False),
    (ConnectionRefusedError, "connection refused", False, False),
    (urllib3.exceptions.NewConnectionError, "no way to the network", False, False),
    (requests.exceptions.ContentDecodingError, "the answer cannot be unpacked", True, False),
    (urllib3.exceptions.IncompleteRead, "the answer broke off", True, True),
    (requests.exceptions.ReadTimeout, "no answer in time", True, True),
    (TimeoutError, "no answer in time", True, True),
)
"""The first found among an error's causes: kind, words, whether the site was reached, worth a retry."""


class _TimedReader(io.RawIOBase):
    """The raw bytes of a socket; each read is given its own timeout just before it starts."""

    def __init__(self, raw: io.RawIOBase, sock: Any, stopwatch: Stopwatch) -> None:
        self._raw = raw
        self._sock = sock
        self._stopwatch = stopwatch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._stopwatch.next_read())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedAdapter(HTTPAdapter):
    """An adapter whose connections, direct or through a proxy, read through a _TimedReader."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._pools = _pool_classes(stopwatch)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _pool_classes(stopwatch: Stopwatch) -> dict[str, type[HTTPConnectionPool]]:
    class TimedResponse(http.client.HTTPResponse):
        def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock, stopwatch))

    class Connection(HTTPConnection):
        response_class = TimedResponse

    class SecureConnection(HTTPSConnection):
        response_class = TimedResponse

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": Pool, "https": SecurePool}
