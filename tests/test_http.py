"""The polite client against servers that are well-behaved, busy, hostile or not there."""

from __future__ import annotations

import gzip
import logging
import socket
import time
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from network_fakes import NOW, FakeTime, a_client, raw_server
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from collectors.answer import meaning
from collectors.base import LONGEST_MESSAGE, Changed, CollectorError, Refused, Unavailable, one_line
from collectors.http import user_agent
from collectors.turns import seconds_until


def test_an_answer_carries_body_status_headers_and_time(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a", query_string={"q": "도깨비 OST"}).respond_with_json({"n": 1})
    with a_client() as client:
        answer = client.get(httpserver.url_for("/a"), {"q": "도깨비 OST"})
    assert (answer.status, answer.json(), answer.at) == (200, {"n": 1}, NOW)
    assert answer.headers["content-type"] == "application/json"
    assert "?" not in answer.url


def test_base_url_takes_the_place_of_scheme_and_host(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/proxy/api/x", query_string="page=2").respond_with_data("ok")
    with a_client() as client:
        base = httpserver.url_for("/proxy/")
        assert client.get("https://nowhere.example/api/x?page=2", base_url=base).body == b"ok"


def test_it_names_itself_and_whom_to_write_to(httpserver: HTTPServer) -> None:
    seen: list[Request] = []
    httpserver.expect_request("/").respond_with_handler(lambda request: seen.append(request) or Response("ok"))
    with a_client(contact="me@example.org\r\nX-Evil: 1") as client:
        client.get(httpserver.url_for("/"))
    assert seen[0].user_agent.string == "ostpulse/0.1.0 (K-drama OST tracker; contact: me@example.orgX-Evil: 1)"
    assert "X-Evil" not in seen[0].headers
    assert user_agent("0.1.0", "") == "ostpulse/0.1.0 (K-drama OST tracker; no contact given)"
    assert user_agent("0.1.0", "드라마") == "ostpulse/0.1.0 (K-drama OST tracker; no contact given)"


def test_cookies_and_netrc_are_left_alone(httpserver: HTTPServer, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login canary password canary\n")
    monkeypatch.setenv("NETRC", str(netrc))
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response("ok", headers={"Set-Cookie": "session=1; Path=/"})

    httpserver.expect_request("/").respond_with_handler(answer)
    with a_client() as client:
        client.get(httpserver.url_for("/"))
        client.get(httpserver.url_for("/"))
    assert all("Cookie" not in request.headers and "Authorization" not in request.headers for request in seen)


def test_a_proxy_of_the_environment_is_used_but_never_for_this_machine(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://somebody:canary@127.0.0.1:1")
    httpserver.expect_request("/").respond_with_data("ok")
    with a_client() as client:
        assert client.get(httpserver.url_for("/")).body == b"ok"
        with pytest.raises(Unavailable) as raised:
            client.get("http://elsewhere.example/")
    assert str(raised.value) == "elsewhere.example: cannot be reached (the proxy does not let it through)"


# --- what a status means -------------------------------------------------------------------------------------


def test_every_status_has_one_meaning() -> None:
    meanings = {status: meaning(status) for status in range(100, 600)}
    assert {status for status, what in meanings.items() if what == "good"} == {200}
    assert meanings[404] == meanings[410] == meanings[422] == meanings[204] == "changed"
    assert meanings[401] == meanings[403] == meanings[451] == "refused"
    assert meanings[429] == meanings[503] == meanings[520] == "retry"
    assert {what for status, what in meanings.items() if status >= 500} == {"retry", "unavailable"}


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (204, Changed, "204 (No Content)"),
        (304, Changed, "304 (Not Modified)"),
        (400, Changed, "400 (Bad Request)"),
        (401, Refused, "refused, 401 (Unauthorized)"),
        (403, Refused, "refused, 403 (Forbidden)"),
        (404, Changed, "404 (Not Found)"),
        (418, Changed, "418"),
        (422, Changed, "422 (Unprocessable"),
        (501, Unavailable, "501 (Not Implemented)"),
        (599, Unavailable, "599"),
    ],
)
def test_a_bad_status_becomes_the_right_error_at_once(
    httpserver: HTTPServer, status: int, error: type[CollectorError], words: str
) -> None:
    httpserver.expect_request("/x").respond_with_data("", status=status)
    fake_time = FakeTime()
    with a_client(fake_time) as client, pytest.raises(error, match=r"^a place: ") as raised:
        client.get(httpserver.url_for("/x"), {"key": "canary"}, place="a place")
    assert words in str(raised.value)
    assert "canary" not in str(raised.value)
    assert fake_time.slept == []


def test_an_accepted_status_is_handed_back(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/x").respond_with_data("gone", status=404)
    with a_client() as client:
        assert client.get(httpserver.url_for("/x"), accept=frozenset({404})).status == 404


def test_a_busy_server_is_asked_three_times_with_growing_pauses(httpserver: HTTPServer) -> None:
    fake_time = FakeTime()
    httpserver.expect_request("/x").respond_with_data("", status=503)
    with a_client(fake_time) as client, pytest.raises(Unavailable, match=r"503 \(Service Unavailable\)"):
        client.get(httpserver.url_for("/x"))
    assert len(httpserver.log) == 3
    assert fake_time.slept == [2.0, 4.0]


def test_the_second_try_may_succeed(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/x").respond_with_data("", status=502)
    httpserver.expect_ordered_request("/x").respond_with_data("ok")
    with a_client() as client:
        assert client.get(httpserver.url_for("/x")).body == b"ok"


def test_the_sites_own_words_are_quoted_on_one_line(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/x").respond_with_json({"error": "no\n\x1b[31mway\u202e " + "x" * 1_000}, status=403)
    with a_client() as client, pytest.raises(Refused) as raised:
        client.get(httpserver.url_for("/x"))
    message = str(raised.value)
    assert '"no [31mway xxx' in message
    assert len(message) <= LONGEST_MESSAGE


@given(st.text(max_size=600))
def test_an_error_is_always_one_short_line_without_control_signs(text: str) -> None:
    message = str(Unavailable(text))
    assert len(message) <= LONGEST_MESSAGE
    assert message.isprintable() or all(sign.isprintable() or sign == "\u3000" for sign in message)
    assert len(message.splitlines()) <= 1
    assert one_line(message) == message


# --- waiting when told to ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"Retry-After": "5"}, 5),
        ({"Retry-After": "0"}, 2),
        ({"Retry-After": "-1"}, 2),
        ({"Retry-After": "soon"}, 2),
        ({"Retry-After": format_datetime(NOW + timedelta(seconds=30), usegmt=True)}, 30),
        ({"Retry-After": format_datetime(NOW - timedelta(days=1), usegmt=True)}, 2),
        ({"X-RateLimit-Reset": "61.5"}, 61.5),
        ({"X-RateLimit-Reset": "2026-11-20T12:00:40.000000Z"}, 40),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 50)}, 50),
        ({"X-RateLimit-Reset": "nan"}, 2),
        ({}, 2),
    ],
)
def test_after_429_it_waits_as_long_as_asked(httpserver: HTTPServer, headers: dict[str, str], waited: float) -> None:
    fake_time = FakeTime()
    httpserver.expect_ordered_request("/x").respond_with_data("", status=429, headers=headers)
    httpserver.expect_ordered_request("/x").respond_with_data("ok")
    with a_client(fake_time) as client:
        assert client.get(httpserver.url_for("/x")).body == b"ok"
    assert sum(fake_time.slept) == pytest.approx(waited)


@pytest.mark.parametrize("value", ["121", "86400", "999999999", "1e300"])
def test_a_wait_beyond_the_cap_ends_the_round_and_is_remembered(httpserver: HTTPServer, value: str) -> None:
    fake_time = FakeTime()
    httpserver.expect_request("/x").respond_with_data("", status=429, headers={"Retry-After": value})
    with a_client(fake_time) as client:
        with pytest.raises(Unavailable, match=r"asks to be left alone .* until 2026-11-20T1"):
            client.get(httpserver.url_for("/x"))
        with pytest.raises(Unavailable, match="asks to be left alone"):
            client.get(httpserver.url_for("/other"))
    assert len(httpserver.log) == 1
    assert sum(fake_time.slept) <= 6


def test_an_absurd_wait_is_believed_for_an_hour_at_most(httpserver: HTTPServer) -> None:
    fake_time = FakeTime()
    httpserver.expect_ordered_request("/x").respond_with_data("", status=429, headers={"Retry-After": "999999999"})
    httpserver.expect_ordered_request("/x").respond_with_data("ok")
    with a_client(fake_time) as client:
        with pytest.raises(Unavailable):
            client.get(httpserver.url_for("/x"))
        fake_time.sleep(3600)
        assert client.get(httpserver.url_for("/x")).body == b"ok"


@pytest.mark.parametrize(
    ("remaining", "reset", "waited"),
    [
        ("0", "30", 30),
        ("0.0", "30.5", 30.5),
        ("-3", "2026-11-20T12:01:00.123Z", 60.123),
        ("1", "30", 0),
        ("299", "999999999", 0),
        ("0", "soon", 0),
        ("zero", "30", 0),
        ("", "", 0),
    ],
)
def test_a_used_up_rate_limit_makes_the_next_request_wait(
    httpserver: HTTPServer, remaining: str, reset: str, waited: float
) -> None:
    fake_time = FakeTime()
    headers = {"X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": reset}
    httpserver.expect_request("/x").respond_with_data("ok", headers=headers)
    with a_client(fake_time) as client:
        client.get(httpserver.url_for("/x"))
        assert fake_time.slept == []
        client.get(httpserver.url_for("/x"))
    assert sum(fake_time.slept) == pytest.approx(waited)


def test_requests_to_one_host_keep_their_distance(httpserver: HTTPServer) -> None:
    fake_time = FakeTime()
    httpserver.expect_request("/x").respond_with_data("ok")
    with a_client(fake_time) as client:
        for _ in range(3):
            client.get(httpserver.url_for("/x"), pace=61)
    assert fake_time.slept == [61, 61]


@given(st.text(max_size=40))
def test_no_header_can_break_the_reading_of_a_wait(value: str) -> None:
    for epoch in (False, True):
        seconds = seconds_until(value, NOW, epoch=epoch)
        assert seconds is None or seconds >= 0


# --- redirects -----------------------------------------------------------------------------------------------


def test_a_redirect_on_the_same_site_is_followed(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/old").respond_with_data("", status=301, headers={"Location": "/new?a=1"})
    httpserver.expect_request("/new", query_string="a=1").respond_with_data("ok")
    with a_client() as client:
        assert client.get(httpserver.url_for("/old")).body == b"ok"


@pytest.mark.parametrize(
    "location",
    [
        "https://elsewhere.example/login?back=secret",
        "//elsewhere.example/",
        "http://127.0.0.1:1/x",
        "file:///etc/passwd",
        "ftp://localhost/x",
        "data:text/html,hello",
        "http://user:word@localhost/x",
        "",
    ],
)
def test_a_redirect_elsewhere_is_refused(httpserver: HTTPServer, location: str) -> None:
    httpserver.expect_request("/x").respond_with_data("", status=302, headers={"Location": location})
    with a_client() as client, pytest.raises(Changed, match="redirects to") as raised:
        client.get(httpserver.url_for("/x"))
    assert "secret" not in str(raised.value)
    assert len(httpserver.log) == 1


def test_a_redirect_to_nowhere_is_refused() -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://[broken\r\nContent-Length: 0\r\n\r\n")

    with raw_server(talk) as address, a_client() as client, pytest.raises(Changed, match="redirects to nowhere"):
        client.get(f"{address}/x")


def test_a_circle_of_redirects_ends(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/x").respond_with_data("", status=302, headers={"Location": "/x"})
    with a_client() as client, pytest.raises(Changed, match="in a circle"):
        client.get(httpserver.url_for("/x"))
    assert len(httpserver.log) == 6


# --- no answer, or not a whole one ---------------------------------------------------------------------------


def test_a_name_that_does_not_exist_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    fake_time = FakeTime()
    with a_client(fake_time) as client, pytest.raises(Unavailable) as raised:
        client.get("https://mastodon.example/api", {"key": "canary"})
    assert str(raised.value) == "mastodon.example: cannot be reached (name not found)"
    assert raised.value.__cause__ is None
    assert fake_time.slept == []


def test_a_host_that_was_not_reached_is_left_alone_for_a_while(httpserver: HTTPServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    fake_time = FakeTime()
    with a_client(fake_time) as client:
        with pytest.raises(
            Unavailable, match=r"^lemmy.example \(at 127.0.0.1:\d+\): cannot be reached \(connection refused\)$"
        ):
            client.get("https://lemmy.example/x", base_url=f"http://127.0.0.1:{port}")
        with socket.create_server(("127.0.0.1", port)) as listener:
            listener.settimeout(0)
            with pytest.raises(Unavailable, match="connection refused"):
                client.get("https://lemmy.example/x", base_url=f"http://127.0.0.1:{port}")
            with pytest.raises(BlockingIOError):
                listener.accept()


@pytest.mark.parametrize("url", ["http://[broken/x", "https://" + "a" * 64 + ".example/", "https:///x"])
def test_an_address_that_cannot_be_one_is_a_collector_error(url: str) -> None:
    with a_client() as client, pytest.raises(CollectorError):
        client.get(url)


def test_bytes_that_drip_do_not_hold_a_request_beyond_its_time() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            connection.sendall(b".")
            time.sleep(0.03)

    _ends_in_time(drip, "no whole answer in the time")


def test_headers_that_drip_do_not_hold_a_request_beyond_its_time() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(100):
            connection.sendall(b".")
            time.sleep(0.03)

    _ends_in_time(drip, "no whole answer in the time")


def test_a_server_that_says_nothing_is_given_up() -> None:
    _ends_in_time(lambda connection: connection.recv(1), "no answer in time", timeout_seconds=0.1)


def _ends_in_time(talk, words: str, **changes: float) -> None:
    settings = {"timeout_seconds": 0.2, "deadline_seconds": 0.4, **changes}
    with raw_server(talk) as address, a_client(real_deadline=True, **settings) as client:
        began = time.monotonic()
        with pytest.raises(Unavailable, match=words):
            client.get(f"{address}/x")
        assert time.monotonic() - began < 1.5


def test_endless_headers_end() -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"X-More: 1\r\n" * 5_000 + b"\r\n")

    with raw_server(talk) as address, a_client() as client, pytest.raises(Unavailable):
        client.get(f"{address}/x")


def test_a_body_shorter_than_announced_is_no_answer() -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"posts": []}')

    with raw_server(talk) as address, a_client() as client, pytest.raises(Unavailable, match="broke off"):
        client.get(f"{address}/x")


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip"])
def test_a_packed_bomb_stops_at_the_cap(httpserver: HTTPServer, encoding: str) -> None:
    packed = gzip.compress(b"0" * 50_000_000)
    if encoding != "gzip":
        packed = gzip.compress(packed)
    httpserver.expect_request("/x").respond_with_data(packed, headers={"Content-Encoding": encoding})
    with a_client() as client, pytest.raises(Unavailable, match="larger than 1 MB"):
        client.get(httpserver.url_for("/x"))
    assert len(httpserver.log) == 1


def test_what_cannot_be_unpacked_is_said(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/x").respond_with_data(b"not packed", headers={"Content-Encoding": "gzip"})
    with a_client() as client, pytest.raises(Unavailable, match="cannot be unpacked"):
        client.get(httpserver.url_for("/x"))


def test_packed_answers_are_unpacked(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/x").respond_with_data(gzip.compress(b'{"a": 1}'), headers={"Content-Encoding": "gzip"})
    with a_client() as client:
        assert client.get(httpserver.url_for("/x")).json() == {"a": 1}


# --- JSON that is none ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (b"", Unavailable, "the answer was empty"),
        (b" \n", Unavailable, "the answer was empty"),
        (b'{"posts": [1, 2', Changed, "cut off"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", Changed, "an HTML page instead of JSON"),
        (b"\n<html><head></head></html>", Changed, "an HTML page instead of JSON"),
        (b'{"a": NaN}', Changed, "no JSON"),
        (b"\xff\xfe", Changed, "no JSON"),
        (b"[" * 100_000, Changed, "nested too deeply"),
        (b"1" * 5_000, Changed, "no JSON"),
    ],
)
def test_json_that_is_none_is_an_error_not_an_empty_list(
    httpserver: HTTPServer, body: bytes, error: type[CollectorError], words: str
) -> None:
    httpserver.expect_request("/x").respond_with_data(body)
    with a_client() as client:
        answer = client.get(httpserver.url_for("/x"), place="a place")
        with pytest.raises(error, match=r"^a place: ") as raised:
            answer.json()
    assert words in str(raised.value)


def test_no_secret_of_a_header_reaches_the_log(httpserver: HTTPServer, caplog: pytest.LogCaptureFixture) -> None:
    httpserver.expect_request("/x").respond_with_data("", status=503)
    with caplog.at_level(logging.DEBUG), a_client() as client, pytest.raises(Unavailable):
        client.get(httpserver.url_for("/x"), headers={"Authorization": "canary"})
    assert "canary" not in caplog.text
