"""Reddit's Atom feeds, on feeds written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import escape

import pytest
from network_fakes import NOW, FakeTime, a_client, section
from pytest_httpserver import HTTPServer

from collectors.base import Changed, CollectorError, Query, Unavailable
from collectors.http import Client
from collectors.reddit_feed import RedditFeed
from models.post import Post

NEW = Query("r/kdrama+kpop", "new")
SEARCH = Query("reddit.com", "kdrama OST")
WORDS = '<!-- SC_OFF --><div class="md"><p>눈꽃 on <b>repeat</b></p><p>#OST</p></div><!-- SC_ON -->'
FRAME = ' submitted by <a href="https://www.reddit.com/user/Mina_K">/u/Mina_K</a> <a href="x">[link]</a>'


def entry(
    fullname: str = "t3_abc12",
    *,
    content: str = WORDS + FRAME,
    author: str = "<author><name>/u/Mina_K</name></author>",
    dates: str = "<updated>2026-11-20T10:30:00+00:00</updated><published>2026-11-20T19:00:00+09:00</published>",
    title: str = "Which OST?",
    link: str = "https://www.reddit.com/r/kdrama/comments/abc12/which_ost/",
) -> str:
    return (
        f'<entry>{author}<category term="kdrama"/><content type="html">{escape(content)}</content>'
        f'<id>{fullname}</id><link href="{link}" />{dates}<title>{title}</title></entry>'
    )


def feed(*entries: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">{"".join(entries)}</feed>'


@pytest.fixture
def client() -> Iterator[Client]:
    with a_client() as client:
        yield client


def collector(client: Client, server: HTTPServer, **settings: object) -> RedditFeed:
    return RedditFeed(section(base_url=server.url_for(""), **{"subreddits": (), "searches": (), **settings}), client)


def collected(client: Client, server: HTTPServer, body: str) -> list[Post]:
    server.expect_request("/r/kdrama+kpop/new.rss").respond_with_data(body)
    return list(collector(client, server).collect(NEW, since=None))


def test_an_entry_becomes_a_post_without_a_handle_in_text_or_address(client: Client, httpserver: HTTPServer) -> None:
    [post] = collected(client, httpserver, feed(entry()))
    assert post.key == "reddit:t3_abc12"
    assert post.author == "mina_k"
    assert (post.title, post.text) == ("Which OST?", "눈꽃 on repeat\n#OST")
    assert post.url == "https://www.reddit.com/comments/abc12/"
    assert post.published_at == NOW - timedelta(hours=2)
    assert post.reading.observed_at == NOW
    assert not post.reading.says_something()


def test_a_post_that_is_only_a_link_has_no_text(client: Client, httpserver: HTTPServer) -> None:
    [post] = collected(client, httpserver, feed(entry(content=FRAME)))
    assert post.text is None


def test_a_comment_carries_its_own_words_only(client: Client, httpserver: HTTPServer) -> None:
    link = "https://www.reddit.com/r/kdrama/comments/abc12/which_ost/xyz99/"
    body = feed(
        entry("t1_xyz99", title="/u/Mina_K on Which OST?", link=link, dates="<updated>2026-11-20T10:00:00Z</updated>")
    )
    [post] = collected(client, httpserver, body)
    assert (post.id, post.title, post.text) == ("t1_xyz99", None, "눈꽃 on repeat\n#OST")
    assert post.url == "https://www.reddit.com/comments/abc12/_/xyz99/"


@pytest.mark.parametrize("author", ["", "<author><name>/u/[deleted]</name></author>", "<author><name></name></author>"])
def test_a_deleted_author_is_none(client: Client, httpserver: HTTPServer, author: str) -> None:
    [post] = collected(client, httpserver, feed(entry(author=author)))
    assert post.author is None


def test_the_card_of_a_subreddit_is_no_post(client: Client, httpserver: HTTPServer) -> None:
    card = entry("t5_kdrama", dates="<updated>2018-10-31T07:17:54+00:00</updated>")
    assert [post.id for post in collected(client, httpserver, feed(card, entry()))] == ["t3_abc12"]


def test_only_cards_and_no_entries_are_no_error(client: Client, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/search.rss").respond_with_data(feed(entry("t5_kdrama")))
    assert list(collector(client, httpserver).collect(SEARCH, since=None)) == []
    assert collected(client, httpserver, feed()) == []


def test_a_round_asks_for_the_groups_then_the_searches(client: Client, httpserver: HTTPServer) -> None:
    asked = collector(client, httpserver, subreddits=("kdrama+kpop",), searches=("kdrama OST",)).queries()
    assert asked == [NEW, SEARCH]


def test_requests_are_a_minute_apart(httpserver: HTTPServer) -> None:
    httpserver.expect_request(
        "/search.rss", query_string={"q": "kdrama OST", "sort": "new", "limit": "100"}
    ).respond_with_data(feed())
    fake_time = FakeTime()
    with a_client(fake_time) as client:
        slow = collector(client, httpserver, seconds_between_requests=61)
        for _ in range(2):
            list(slow.collect(SEARCH, since=None))
    assert fake_time.slept == [61]


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        ("", Unavailable, "the answer was empty"),
        (feed(entry())[:-10], Changed, "cut off"),
        ("<!doctype html><title>whoa there, pardner!</title>", Changed, "an HTML page instead of a feed"),
        (feed(entry("t9_what")), Changed, "(id: 't9_what' is neither a post nor a comment)"),
        (feed(entry(dates="")), Changed, "(published: is missing)"),
        (feed(entry(dates="<published>soon</published>")), Changed, "(published: 'soon' is not a time)"),
    ],
)
def test_what_is_no_feed_is_an_error_not_an_empty_one(
    client: Client, httpserver: HTTPServer, body: str, error: type[CollectorError], words: str
) -> None:
    with pytest.raises(error) as raised:
        collected(client, httpserver, body)
    assert words in str(raised.value)


def test_too_many_requests_beyond_the_cap_says_until_when(client: Client, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/search.rss").respond_with_data("", status=429, headers={"X-RateLimit-Reset": "540.0"})
    with pytest.raises(Unavailable, match="for 540 s, until 2026-11-20T12:09:00Z"):
        list(collector(client, httpserver).collect(SEARCH, since=None))
