"""Reddit through PRAW, on listings written by hand and a loopback server for both of Reddit's hosts."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from network_fakes import NOW, FakeTime, a_client, section
from prawcore.sessions import FiniteRetryStrategy
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from collectors.base import Changed, Collector, CollectorError, Query, Refused, Unavailable
from collectors.reddit import post_from_record
from collectors.sources import build
from models.post import BadPost, Post

KEYS = {"REDDIT_CLIENT_ID": "an-id", "REDDIT_CLIENT_SECRET": "canary"}
NEW = Query("r/kdrama", "new")
CREATED = (NOW - timedelta(hours=2)).timestamp()


def submission(number: int = 1, **changes: Any) -> dict[str, Any]:
    usual = {
        "id": f"abc{number}",
        "name": f"t3_abc{number}",
        "title": "Which OST?",
        "selftext": "눈꽃 #OST",
        "author": "Mina_K",
        "created_utc": CREATED,
        "score": 12,
        "num_comments": 3,
        "permalink": f"/r/kdrama/comments/abc{number}/which_ost/",
        "subreddit": "kdrama",
    }
    return {"kind": "t3", "data": {**usual, **changes}}


def comment(**changes: Any) -> dict[str, Any]:
    usual = {
        "id": "xyz9",
        "name": "t1_xyz9",
        "body": "눈꽃!",
        "author": "Jae",
        "created_utc": CREATED,
        "score": -4,
        "link_id": "t3_abc1",
        "subreddit": "kdrama",
    }
    return {"kind": "t1", "data": {**usual, **changes}}


def listing(*children: Any, after: str | None = None) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"after": after, "before": None, "children": list(children)}}


class Reddit:
    """A loopback Reddit and the collector that takes it for the real one."""

    def __init__(self, server: HTTPServer, collector: Collector, time: FakeTime) -> None:
        self.server, self.collector, self.time = server, collector, time

    def answers(self, body: Any, path: str = "/r/kdrama/new", **more: Any) -> None:
        self.server.expect_request(path).respond_with_json(body, **more)

    def collected(self, query: Query = NEW, since: datetime | None = None) -> list[Post]:
        return list(self.collector.collect(query, since=since))


@pytest.fixture
def reddit(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reddit]:
    monkeypatch.setattr(FiniteRetryStrategy, "sleep", lambda _: None)
    httpserver.expect_request("/api/v1/access_token", method="POST").respond_with_json(
        {"access_token": "t", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
    )
    settings = section(base_url=httpserver.url_for(""), subreddits=("kdrama",), searches=("OST",), max_posts=250)
    fake_time = FakeTime()
    with a_client(fake_time) as client:
        collector = build("reddit", settings, client, clock=fake_time.clock, environment=KEYS)
        yield Reddit(httpserver, collector, fake_time)


def test_a_submission_becomes_a_post_without_asking_for_more(reddit: Reddit) -> None:
    reddit.answers(listing(submission()))
    [post] = reddit.collected()
    assert post.key == "reddit:t3_abc1"
    assert post.author == "mina_k"
    assert (post.title, post.text) == ("Which OST?", "눈꽃 #OST")
    assert post.url == "https://www.reddit.com/comments/abc1/"
    assert post.published_at == NOW - timedelta(hours=2)
    assert post.reading.counts == (None, 12, 3, None)
    assert post.reading.observed_at == NOW
    assert [request.path for request, _ in reddit.server.log] == ["/api/v1/access_token", "/r/kdrama/new"]


def test_a_comment_becomes_a_post(reddit: Reddit) -> None:
    reddit.answers(listing(comment()), "/r/kdrama/comments/")
    [post] = reddit.collected(Query("r/kdrama", "comments"))
    assert (post.id, post.title, post.text, post.author) == ("t1_xyz9", None, "눈꽃!", "jae")
    assert post.url == "https://www.reddit.com/comments/abc1/_/xyz9/"
    # A score below 0 is no number of likes.
    assert post.reading.counts == (None, None, None, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"author": None},
        {"author": "[deleted]"},
    ],
)
def test_a_lost_author_is_none(reddit: Reddit, fields: dict[str, Any]) -> None:
    reddit.answers(listing(submission(**fields)))
    [post] = reddit.collected()
    assert post.author is None


@pytest.mark.parametrize(
    "thing",
    [
        submission(selftext="[deleted]", author=None),
        submission(selftext="[removed]"),
        submission(title="[deleted by user]", selftext=""),
        submission(removed_by_category="moderator"),
        comment(body="[deleted]", author=None),
        comment(body="[removed]"),
    ],
)
def test_words_that_were_taken_down_are_no_post(reddit: Reddit, thing: dict[str, Any]) -> None:
    reddit.answers(listing(thing))
    assert reddit.collected() == []


def test_a_hidden_score_is_not_stated() -> None:
    post = post_from_record(comment(score=1, score_hidden=True), NOW)
    assert post is not None
    assert post.reading.likes is None


@pytest.mark.parametrize("created", [None, "soon", float("nan"), 1e300, []])
def test_a_time_that_is_none_is_named(created: Any) -> None:
    with pytest.raises(BadPost, match="created_utc"):
        post_from_record(submission(created_utc=created), NOW)


def test_pages_are_read_until_since(reddit: Reddit) -> None:
    old = [submission(number, created_utc=CREATED - 90_000) for number in range(100, 200)]
    new = [submission(number) for number in range(100)]
    for params, body in (
        ({"limit": "100", "raw_json": "1"}, listing(*new, after="t3_abc99")),
        ({"limit": "100", "raw_json": "1", "after": "t3_abc99"}, listing(*old, after="t3_abc199")),
    ):
        reddit.server.expect_request("/r/kdrama/new", query_string=params).respond_with_json(body)
    posts = reddit.collected(since=NOW - timedelta(hours=24))
    assert len(posts) == 200
    assert [request.path for request, _ in reddit.server.log].count("/r/kdrama/new") == 2


def test_no_more_than_max_posts_are_asked_for(reddit: Reddit) -> None:
    def page(request: Request) -> Response:
        start, limit = int(request.args.get("after", "t3_abc0")[6:]), int(request.args["limit"])
        things = [submission(number) for number in range(start, start + limit)]
        return Response(json.dumps(listing(*things, after=f"t3_abc{start + limit}")))

    reddit.server.expect_request("/r/kdrama/new").respond_with_handler(page)
    assert len({post.id for post in reddit.collected()}) == 250
    limits = [request.args["limit"] for request, _ in reddit.server.log if request.path == "/r/kdrama/new"]
    assert limits == ["100", "100", "50"]


def test_one_odd_record_is_left_out_alone(reddit: Reddit) -> None:
    odd = [None, {"kind": "t3", "data": None}, submission(2, author=7), submission(3, created_utc=4_000_000_000)]
    reddit.answers(listing(submission(1), *odd))
    assert [post.id for post in reddit.collected()] == ["t3_abc1", "t3_abc2"]


def test_a_search_goes_over_all_of_reddit_newest_first(reddit: Reddit) -> None:
    reddit.answers(listing(submission()), "/r/all/search/")
    assert len(reddit.collected(Query("reddit.com", "OST"))) == 1
    asked = reddit.server.log[-1][0].args
    assert (asked["q"], asked["sort"]) == ("OST", "new")


def test_it_names_itself_and_never_logs_in_as_somebody(reddit: Reddit, monkeypatch: pytest.MonkeyPatch) -> None:
    reddit.answers(listing())
    assert reddit.collected() == []
    token_request = reddit.server.log[0][0]
    assert token_request.user_agent.string.startswith("python:ostpulse:0.1.0 (keeper@example.org)")
    assert token_request.form["grant_type"] == "client_credentials"


def test_no_praw_ini_of_the_working_directory_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer
) -> None:
    from praw.config import Config

    (tmp_path / "praw.ini").write_text("[DEFAULT]\ncomment_kind=t7\nshort_url=http://evil.example\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Config, "CONFIG", None)
    for variable in ("praw_username", "praw_password", "praw_refresh_token", "praw_oauth_url"):
        monkeypatch.setenv(variable, "evil")
    settings = section(subreddits=(), searches=(), max_posts=1)
    with a_client() as client:
        build("reddit", settings, client, clock=FakeTime().clock, environment=KEYS)
    assert Config.CONFIG is not None
    assert Config.CONFIG["DEFAULT"]["comment_kind"] == "t1"


@pytest.mark.parametrize("environment", [{}, {"REDDIT_CLIENT_ID": "x"}, {**KEYS, "REDDIT_CLIENT_SECRET": " "}])
def test_without_a_key_it_says_which_variables_are_missing(environment: dict[str, str]) -> None:
    settings = section(subreddits=(), searches=(), max_posts=1)
    with (
        a_client() as client,
        pytest.raises(Refused, match=r"^reddit: needs .*REDDIT_CLIENT_SECRET in the env"),
    ):
        build("reddit", settings, client, clock=FakeTime().clock, environment=environment)


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (200, "", Changed, "answered with nothing"),
        (204, "", Changed, "answered with nothing"),
        (200, "null", Changed, "no JSON"),
        (200, "<html>Log in</html>", Changed, "no JSON"),
        (200, '{"kind": "Listing", "data"', Changed, "cut off"),
        (200, "{}", Changed, "data.children: is missing"),
        (200, "[]", Changed, "data.children: is missing"),
        (200, '{"kind": "Listing", "data": {}}', Changed, "data.children: is missing"),
        (200, '{"data": {"children": [{"kind": "t9", "data": {}}]}}', Changed, "none of its 1 records"),
        (200, "[" * 100_000, Changed, "could not read the answer"),
        (302, "", Changed, "redirects elsewhere"),
        (400, "", Changed, "400 (Bad Request)"),
        (401, "", Refused, "401 (Unauthorized)"),
        (403, "", Refused, "403 (Forbidden)"),
        (404, "", Changed, "404 (Not Found)"),
        (418, "", Changed, "418"),
        (429, "", Unavailable, "429 (Too Many Requests)"),
        (451, "", Refused, "451"),
        (500, "", Unavailable, "500 (Internal Server Error)"),
        (503, "", Unavailable, "503 (Service Unavailable)"),
    ],
)
def test_what_is_no_listing_is_an_error_of_ours(
    reddit: Reddit, status: int, body: str, error: type[CollectorError], words: str
) -> None:
    headers = {"Location": "/subreddits/search?q=kdrama"} if status == 302 else {}
    reddit.server.expect_request("/r/kdrama/new").respond_with_data(body, status=status, headers=headers)
    with pytest.raises(error) as raised:
        reddit.collected()
    assert words in str(raised.value)
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("code", [400, 401, 403])
def test_a_refused_key_is_refused(reddit: Reddit, code: int) -> None:
    reddit.server.clear()
    reddit.server.expect_request("/api/v1/access_token").respond_with_data("", status=code)
    with pytest.raises(Refused, match="refuse") as raised:
        reddit.collected()
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("wait", ["soon", "-1", "4", "Fri, 20 Nov 2026 12:00:04 GMT"])
def test_any_retry_after_is_understood(reddit: Reddit, wait: str) -> None:
    reddit.answers({}, status=429, headers={"Retry-After": wait})
    with pytest.raises(Unavailable, match="too many requests"):
        reddit.collected()


@pytest.mark.parametrize(
    "headers",
    [
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "999999999", "x-ratelimit-used": "600"},
        {"x-ratelimit-remaining": "599.0", "x-ratelimit-reset": "82", "x-ratelimit-used": "1.0"},
        {"x-ratelimit-remaining": "many"},
    ],
)
def test_no_rate_header_makes_it_sleep_for_ever_or_fall(reddit: Reddit, headers: dict[str, str]) -> None:
    reddit.answers(listing(submission()), headers=headers)
    assert len(reddit.collected()) == 1
    assert reddit.time.slept == []


def test_a_round_asks_for_posts_comments_and_searches(reddit: Reddit) -> None:
    assert reddit.collector.queries() == [NEW, ("r/kdrama", "comments"), ("reddit.com", "OST")]


def test_without_a_network_it_is_one_clear_line(unreachable: str) -> None:
    settings = section(base_url=unreachable, subreddits=("kdrama",), searches=(), max_posts=1)
    with a_client() as client:
        collector = build("reddit", settings, client, clock=FakeTime().clock, environment=KEYS)
        with pytest.raises(Unavailable) as raised:
            list(collector.collect(NEW, since=None))
    where = unreachable.removeprefix("http://")
    assert str(raised.value) == f"reddit.com (at {where}): cannot be reached (connection refused)"


@pytest.fixture
def unreachable() -> str:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return f"http://127.0.0.1:{closed.getsockname()[1]}"
