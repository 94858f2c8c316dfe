"""Mastodon hashtag timelines, on statuses written by hand."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from network_fakes import NOW, a_client, section
from pytest_httpserver import HTTPServer

from collectors.base import Changed, CutShort, Query, Refused, Unavailable
from collectors.http import Client
from collectors.mastodon import Mastodon, post_from_status
from models.post import BadPost, Post

TAG = "/api/v1/timelines/tag/kdramaost"
QUERY = Query("social.example", "kdramaost")


def status(number: int = 1, *, hours_old: float = 1, **changes: Any) -> dict[str, Any]:
    usual = {
        "id": str(number),
        "uri": f"https://social.example/users/mina/statuses/{number}",
        "url": f"https://social.example/@mina/{number}",
        "created_at": (NOW - timedelta(hours=hours_old)).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "content": "<p>눈의 꽃을 듣는 밤<br>on repeat</p>"
        '<p><a href="https://social.example/tags/ost" class="hashtag">#<span>OST</span></a></p>',
        "spoiler_text": "",
        "language": "ko",
        "visibility": "public",
        "reblog": None,
        "account": {"acct": "Mina"},
        "tags": [{"name": "ost"}, {"name": "드라마ost"}],
        "favourites_count": 3,
        "reblogs_count": 0,
        "replies_count": 1,
    }
    return {**usual, **changes}


@pytest.fixture
def client() -> Iterator[Client]:
    with a_client() as client:
        yield client


def mastodon(client: Client, server: HTTPServer, **settings: Any) -> Mastodon:
    usual = {"servers": ("social.example",), "hashtags": ("kdramaost",), "max_pages": 5}
    return Mastodon(section(base_url=server.url_for(""), **{**usual, **settings}), client)


def collected(client: Client, server: HTTPServer, **settings: Any) -> list[Post]:
    return list(mastodon(client, server, **settings).collect(QUERY, since=None))


def next_link(cursor: int, host: str = "social.example") -> dict[str, str]:
    return {"Link": f'<https://{host}{TAG}?max_id={cursor}&evil=1>; rel="next", <https://{host}/>; rel="prev"'}


def test_a_status_becomes_a_post(client: Client, httpserver: HTTPServer) -> None:
    httpserver.expect_request(TAG).respond_with_json([status()])
    [post] = collected(client, httpserver)
    assert post.key == "mastodon:https://social.example/users/mina/statuses/1"
    assert post.author == "mina@social.example"
    assert post.text == "눈의 꽃을 듣는 밤\non repeat\n#OST"
    assert post.hashtags == ("ost", "드라마ost")
    assert (post.published_at, post.language, post.title) == (NOW - timedelta(hours=1), "ko", None)
    assert post.url == "https://social.example/@mina/1"
    assert post.reading.counts == (None, 3, 1, 0)
    assert post.reading.observed_at == NOW


def test_an_author_of_another_server_keeps_that_server() -> None:
    post = post_from_status(status(account={"acct": "Jae@Far.Example"}), "social.example", NOW)
    assert post is not None
    assert post.author == "jae@far.example"


def test_a_content_warning_is_part_of_the_text() -> None:
    post = post_from_status(status(spoiler_text="Goblin ending", content="<p>this song</p>"), "s", NOW)
    assert post is not None
    assert post.text == "Goblin ending\nthis song"


def test_counts_that_are_not_stated_stay_none() -> None:
    bare = {"uri": "https://a/1", "created_at": "2026-11-20T10:00:00Z", "account": {"acct": "a"}}
    post = post_from_status(bare, "s", NOW)
    assert post is not None
    assert post.reading.counts == (None, None, None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"reblog": {"id": "9"}},
        {"visibility": "private"},
    ],
    ids=["boost", "private"],
)
def test_boosts_and_private_posts_are_left_out(changes: dict[str, Any]) -> None:
    assert post_from_status(status(**changes), "s", NOW) is None


@pytest.mark.parametrize(
    "account",
    [
        {"acct": "a", "indexable": False},
        {"acct": "a", "indexable": True, "discoverable": False},
        {"acct": "a", "noindex": True},
    ],
    ids=["no search", "no recommendation", "no index"],
)
def test_authors_who_stay_out_of_search_are_marked(account: dict[str, Any]) -> None:
    post = post_from_status(status(account=account), "s", NOW)
    assert post is not None
    assert not post.searchable


def test_an_account_that_was_never_asked_is_kept() -> None:
    account = {"acct": "a", "indexable": True, "discoverable": None}
    post = post_from_status(status(account=account), "s", NOW)
    assert post is not None
    assert post.searchable


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"uri": None}, "uri"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"created_at": 1763632800}, "created_at"),
        ({"account": {}}, "account.acct"),
        ({"account": "mina"}, "account.acct"),
        ({"account": {"acct": "mi na"}}, "account.acct"),
    ],
)
def test_a_status_that_cannot_be_read_names_the_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadPost, match=f"^{field}: "):
        post_from_status(status(**changes), "s", NOW)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(field=st.sampled_from(sorted(status())), value=json_values)
def test_whatever_a_field_holds_there_is_a_post_or_a_reason(field: str, value: object) -> None:
    try:
        post = post_from_status(status(**{field: value}), "social.example", NOW)
    except BadPost:
        return
    assert post is None or post.platform == "mastodon"


def test_one_bad_status_is_left_out_alone(
    client: Client, httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    future = status(2, hours_old=-24 * 365 * 70)
    httpserver.expect_request(TAG).respond_with_json([status(1), future, status(3, uri=""), "no status"])
    with caplog.at_level(logging.WARNING, "collectors"):
        assert [post.id[-1] for post in collected(client, httpserver)] == ["1"]
    assert "3 records left out (published_at: 2096" in caplog.text


@pytest.mark.parametrize("records", [[{"id": "1"}], [status(1, hours_old=-1000)], [None, 5]])
def test_when_no_status_can_be_read_the_site_has_changed(
    client: Client, httpserver: HTTPServer, records: list[object]
) -> None:
    httpserver.expect_request(TAG).respond_with_json(records)
    with pytest.raises(Changed, match=r"social\.example #kdramaost .*none of its \d records could be read"):
        collected(client, httpserver)


def test_no_posts_under_a_hashtag_is_no_error(client: Client, httpserver: HTTPServer) -> None:
    httpserver.expect_request(TAG).respond_with_json([])
    assert collected(client, httpserver) == []


@pytest.mark.parametrize(
    ("body", "error"),
    [("", Unavailable), ("<html><body>Log in</body></html>", Changed), ("{}", Changed), ('[{"uri"', Changed)],
)
def test_what_is_no_timeline_is_an_error_not_an_empty_one(
    client: Client, httpserver: HTTPServer, body: str, error: type[Exception]
) -> None:
    httpserver.expect_request(TAG).respond_with_data(body)
    with pytest.raises(error):
        collected(client, httpserver)


# --- paging --------------------------------------------------------------------------------------------------


def test_pages_follow_the_link_header_but_never_to_another_host(client: Client, httpserver: HTTPServer) -> None:
    httpserver.expect_request(TAG, query_string="limit=40").respond_with_json(
        [status(9)], headers=next_link(9, host="evil.example")
    )
    httpserver.expect_request(TAG, query_string="limit=40&max_id=9").respond_with_json([status(8)])
    assert [post.id[-1] for post in collected(client, httpserver)] == ["9", "8"]


def test_the_page_limit_ends_the_reading_and_is_said(client: Client, httpserver: HTTPServer) -> None:
    httpserver.expect_request(TAG, query_string="limit=40").respond_with_json([status(9)], headers=next_link(9))
    httpserver.expect_request(TAG, query_string="limit=40&max_id=9").respond_with_json(
        [status(8)], headers=next_link(8)
    )
    collector = mastodon(client, httpserver, max_pages=2)
    with pytest.raises(CutShort, match="more posts since 2026-11-11T12:00:00Z than 2 pages hold"):
        list(collector.collect(QUERY, since=NOW - timedelta(days=9)))
    assert len(list(collector.collect(QUERY, since=None))) == 2


def test_reading_ends_with_the_first_page_that_is_all_old(client: Client, httpserver: HTTPServer) -> None:
    mixed = [status(9), status(8, hours_old=30), status(7)]
    httpserver.expect_request(TAG, query_string="limit=40").respond_with_json(mixed, headers=next_link(7))
    httpserver.expect_request(TAG, query_string="limit=40&max_id=7").respond_with_json(
        [status(6, hours_old=40)], headers=next_link(6)
    )
    posts = list(mastodon(client, httpserver).collect(QUERY, since=NOW - timedelta(hours=24)))
    assert [post.id[-1] for post in posts] == ["9", "8", "7", "6"]


def test_a_page_that_points_to_itself_ends_the_reading(client: Client, httpserver: HTTPServer) -> None:
    httpserver.expect_request(TAG).respond_with_json([status(9)], headers=next_link(9))
    assert len(collected(client, httpserver)) == 2


# --- who may read --------------------------------------------------------------------------------------------


def access(**feeds: str) -> dict[str, Any]:
    return {"configuration": {"timelines_access": {"hashtag_feeds": feeds}}}


def test_a_closed_server_is_refused_without_asking_for_its_timeline(client: Client, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/v2/instance").respond_with_json(access(local="disabled", remote="disabled"))
    collector = mastodon(client, httpserver)
    for _ in range(2):
        with pytest.raises(Refused, match=r"social\.example: hashtag timelines are disabled"):
            list(collector.collect(QUERY, since=None))
    assert len(httpserver.log) == 1


@pytest.mark.parametrize(
    "said",
    [
        access(local="public", remote="public"),
        access(local="public", remote="authenticated"),
        access(),
        {"configuration": None},
    ],
)
def test_an_open_server_is_read(client: Client, httpserver: HTTPServer, said: dict[str, Any]) -> None:
    httpserver.expect_request("/api/v2/instance").respond_with_json(said)
    httpserver.expect_request(TAG).respond_with_json([status()])
    assert len(collected(client, httpserver)) == 1


@pytest.mark.parametrize("code", [401, 404, 500])
def test_a_server_that_does_not_say_counts_as_open(client: Client, httpserver: HTTPServer, code: int) -> None:
    httpserver.expect_request("/api/v2/instance").respond_with_data("", status=code)
    httpserver.expect_request(TAG).respond_with_json([status()])
    assert len(collected(client, httpserver)) == 1


def test_a_timeline_for_members_only_is_refused(client: Client, httpserver: HTTPServer) -> None:
    complaint = {"error": "This method requires an authenticated user"}
    httpserver.expect_request(TAG).respond_with_json(complaint, status=401)
    with pytest.raises(Refused, match="authenticated user"):
        collected(client, httpserver)


# --- what a round asks ---------------------------------------------------------------------------------------


def test_a_round_asks_every_server_for_every_hashtag(client: Client, httpserver: HTTPServer) -> None:
    collector = mastodon(client, httpserver, servers=("A.example", "b.example"), hashtags=("#kdrama", "드라마OST"))
    assert collector.queries() == [
        ("a.example", "kdrama"),
        ("a.example", "드라마OST"),
        ("b.example", "kdrama"),
        ("b.example", "드라마OST"),
    ]


def test_a_korean_hashtag_is_asked_for_as_it_is_written(client: Client, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/v1/timelines/tag/드라마OST").respond_with_json([status()])
    posts = list(mastodon(client, httpserver).collect(Query("social.example", "드라마OST"), since=None))
    assert len(posts) == 1


@pytest.mark.parametrize("server", ["", "a b.example", "a.example/../x", "user@a.example", "http://a.example"])
def test_what_is_no_server_is_never_asked(client: Client, httpserver: HTTPServer, server: str) -> None:
    with pytest.raises(Refused, match="is not the name of a server"):
        list(mastodon(client, httpserver).collect(Query(server, "ost"), since=None))
    assert httpserver.log == []
