"""Lemmy's search, on answers written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from network_fakes import NOW, a_client, section
from pytest_httpserver import HTTPServer

from collectors.base import Changed, CollectorError, Query, Refused, Unavailable
from collectors.http import Client
from collectors.lemmy import PAGE, Lemmy, post_from_record
from models.post import BadPost, Post

QUERY = Query("lemmy.example", "kdrama OST")


def a_post(number: int = 1, *, published: str = "2026-11-20T10:00:00.123456Z", **changes: Any) -> dict[str, Any]:
    own = {"id": 7, "name": "Which OST?", "body": "눈꽃 #OST", "ap_id": f"https://home.example/post/{number}"}
    counts = {"score": 3, "upvotes": 5, "downvotes": 2, "comments": 4}
    creator = {"name": "mina", "actor_id": "https://home.example/u/mina"}
    return {"post": {**own, "published": published, **changes}, "counts": counts, "creator": creator}


def a_comment(**changes: Any) -> dict[str, Any]:
    own = {"content": "눈꽃!", "ap_id": "https://home.example/comment/9", "published": "2026-11-20T10:00:00"}
    return {
        "comment": {**own, **changes},
        "post": {"name": "Which OST?"},
        "creator": {"actor_id": "https://home.example/u/jae"},
        "counts": {"score": -2, "child_count": 1},
    }


@pytest.fixture
def client() -> Iterator[Client]:
    with a_client() as client:
        yield client


def collected(client: Client, server: HTTPServer, since: Any = None) -> list[Post]:
    lemmy = Lemmy(section(base_url=server.url_for(""), servers=(), searches=()), client)
    return list(lemmy.collect(QUERY, since=since))


def answer(server: HTTPServer, body: Any, **more: Any) -> None:
    server.expect_request("/api/v3/search").respond_with_json(body, **more)


def test_a_post_and_a_comment_become_posts(client: Client, httpserver: HTTPServer) -> None:
    answer(httpserver, {"posts": [a_post()], "comments": [a_comment()], "communities": [{}], "users": []})
    post, comment = collected(client, httpserver)
    assert post.key == "lemmy:https://home.example/post/1"
    assert post.author == "https://home.example/u/mina"
    assert (post.title, post.text, post.url) == ("Which OST?", "눈꽃 #OST", post.id)
    assert post.reading.counts == (None, 5, 4, None)
    assert post.reading.observed_at == NOW
    assert (comment.title, comment.text) == (None, "눈꽃!")
    # A score below 0 is no number of likes.
    assert comment.reading.counts == (None, None, 1, None)


@pytest.mark.parametrize("published", ["2026-11-20T10:00:00", "2026-11-20T10:00:00Z", "2026-11-20T19:00:00+09:00"])
def test_a_time_without_a_zone_is_utc(published: str) -> None:
    post = post_from_record(a_post(published=published), NOW)
    assert post is not None
    assert post.published_at == NOW - timedelta(hours=2)


@pytest.mark.parametrize("flag", ["deleted", "removed"])
def test_what_was_deleted_or_removed_is_no_post(flag: str) -> None:
    assert post_from_record(a_post(**{flag: True}), NOW) is None
    assert post_from_record(a_comment(**{flag: True}), NOW) is None


def test_a_missing_author_is_none() -> None:
    post = post_from_record({**a_post(), "creator": {"name": "mina"}}, NOW)
    assert post is not None
    assert post.author is None


@given(
    part=st.sampled_from(["post", "creator", "counts"]),
    value=st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.dictionaries(st.text(), st.integers()),
)
def test_whatever_a_record_holds_there_is_a_post_or_a_reason(part: str, value: object) -> None:
    try:
        post = post_from_record({**a_post(), part: value}, NOW)
    except BadPost:
        return
    assert post is None or post.platform == "lemmy"


def test_a_full_page_is_followed_by_the_next(client: Client, httpserver: HTTPServer) -> None:
    for page, count in (("1", PAGE), ("2", 1)):
        wanted = {"q": "kdrama OST", "type_": "All", "sort": "New", "listing_type": "All", "limit": "50", "page": page}
        posts = [a_post(int(page) * 100 + number) for number in range(count)]
        httpserver.expect_request("/api/v3/search", query_string=wanted).respond_with_json(
            {"posts": posts, "comments": []}
        )
    assert len(collected(client, httpserver)) == PAGE + 1


def test_an_old_page_ends_the_reading(client: Client, httpserver: HTTPServer) -> None:
    answer(httpserver, {"posts": [a_post(number) for number in range(PAGE)], "comments": []})
    assert len(collected(client, httpserver, since=NOW)) == PAGE
    assert len(httpserver.log) == 1


def test_nothing_found_is_no_error(client: Client, httpserver: HTTPServer) -> None:
    answer(httpserver, {"posts": [], "comments": []})
    assert collected(client, httpserver) == []


@pytest.mark.parametrize(
    ("body", "status", "error", "words"),
    [
        ({"error": "rate_limit_error"}, 400, Unavailable, "fewer requests"),
        ({"error": "instance_is_private"}, 400, Refused, "without an account"),
        ({"error": "unknown"}, 400, Changed, "does not understand the question (unknown)"),
        ({"error": "couldnt_find"}, 404, Changed, '404 (Not Found) "couldnt_find"'),
        ({"results": []}, 200, Changed, "without 'posts' and 'comments'"),
        ([], 200, Changed, "answered with a list, expected an object"),
        ({"posts": [{"view": {}}]}, 200, Changed, "none of its 1 records could be read (ap_id: is missing)"),
    ],
)
def test_an_answer_that_is_no_search_is_an_error(
    client: Client, httpserver: HTTPServer, body: Any, status: int, error: type[CollectorError], words: str
) -> None:
    answer(httpserver, body, status=status)
    with pytest.raises(error, match=r"^lemmy\.example 'kdrama OST' ") as raised:
        collected(client, httpserver)
    assert words in str(raised.value)


def test_a_round_asks_every_server_for_every_search(client: Client) -> None:
    lemmy = Lemmy(section(servers=("A.example", "b.example"), searches=("ost",)), client)
    assert lemmy.queries() == [("a.example", "ost"), ("b.example", "ost")]


def test_what_is_no_server_is_never_asked(client: Client) -> None:
    lemmy = Lemmy(section(servers=(), searches=()), client)
    with pytest.raises(Refused, match="is not the name of a server"):
        list(lemmy.collect(Query("a.example/x", "ost"), since=None))
