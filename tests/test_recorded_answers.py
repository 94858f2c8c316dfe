"""Every parser on what the real sites once answered, through a loopback server standing in for them.

The recorded answers lie outside the project; only counts and errors are asserted here, nothing of their content.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from network_fakes import FakeTime, a_client, section
from prawcore.sessions import FiniteRetryStrategy
from pytest_httpserver import HTTPServer
from werkzeug import Response

from collectors.base import Changed, CollectorError, Query, Refused, Unavailable
from collectors.http import Client
from collectors.sources import build
from models.post import Post

KEYS = {"REDDIT_CLIENT_ID": "an id", "REDDIT_CLIENT_SECRET": "a secret"}
TAG = "/api/v1/timelines/tag/ichbinhanna"


class Stage:
    """A loopback server that repeats recorded answers, and collectors that take it for the real site."""

    def __init__(self, folder: Path, server: HTTPServer, client: Client, time: FakeTime) -> None:
        self.folder, self.server, self.client, self.time = folder, server, client, time

    def plays(self, name: str, path: str, query: dict[str, str] | None = None, cut_at: int | None = None) -> None:
        """Answer `path` as the recording `name` ("lemmy/post_list.json") did, or with its first bytes only."""
        recording = self.folder / "payloads" / name
        meta = json.loads(recording.with_suffix(".meta.json").read_text("utf-8"))
        kept = ("link", "retry-after", "location", "content-type", "www-authenticate", "x-ratelimit")
        headers = {key: value for key, value in meta["headers"].items() if key.startswith(kept)}
        body = recording.read_bytes()[:cut_at]
        expected = self.server.expect_request(path, query_string=query)
        expected.respond_with_response(Response(body, meta["status"], headers))

    def collects(self, source: str, query: Query, **settings: Any) -> list[Post]:
        """What one query of a source brings."""
        own: SimpleNamespace = section(base_url=self.server.url_for(""), **settings)
        collector = build(source, own, self.client, clock=self.time.clock, environment=KEYS)
        return list(collector.collect(query, since=None))

    def fails(self, source: str, query: Query, error: type[CollectorError], words: str, **settings: Any) -> None:
        with pytest.raises(error) as raised:
            self.collects(source, query, **settings)
        assert words in str(raised.value)


@pytest.fixture
def stage(shared: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    # PRAW asks for a token first; no recording of a good one is kept. Between its tries it sleeps for real.
    httpserver.expect_request("/api/v1/access_token").respond_with_json(
        {"access_token": "t", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
    )
    monkeypatch.setattr(FiniteRetryStrategy, "sleep", lambda _: None)
    fake_time = FakeTime()
    with a_client(fake_time) as client:
        yield Stage(shared, httpserver, client, fake_time)


# --- Mastodon ------------------------------------------------------------------------------------------------

SOCIAL = Query("mastodon.social", "ichbinhanna")


def test_mastodon_two_pages_joined_by_the_link_header(stage: Stage) -> None:
    stage.plays("mastodon/instance_v2_timelines_access_2026.json", "/api/v2/instance")
    stage.plays("mastodon/tag_ichbinhanna_page1.json", TAG, {"limit": "40"})
    stage.plays("mastodon/tag_ichbinhanna_page2.json", TAG, {"limit": "40", "max_id": "114630169307317488"})
    stage.server.expect_request(TAG, query_string="limit=40&max_id=114347272189573465").respond_with_json([])
    posts = stage.collects("mastodon", SOCIAL, max_pages=5)
    assert len(posts) == len({post.key for post in posts}) == 40 + 40
    assert sum(post.searchable for post in posts) == 26 + 34  # the others' accounts stay out of search
    assert all(post.id.startswith("https://") and "@" in (post.author or "") for post in posts)
    assert all(post.text and post.published_at and post.reading.says_something() for post in posts)
    assert sum((post.author or "").endswith("@mastodon.social") for post in posts) == 6
    assert [request.path for request, _ in stage.server.log].count("/api/v2/instance") == 1


@pytest.mark.parametrize(
    ("name", "count", "searchable"),
    [
        ("tag_ichbinhanna_page1.json", 40, 26),
        ("tag_ichbinhanna_page2.json", 40, 34),
        ("tag_rstats_mastodon_social.json", 5, 2),
        ("public_timeline_anonymous.json", 20, 6),
    ],
)
def test_mastodon_posts_of_one_page(stage: Stage, name: str, count: int, searchable: int) -> None:
    stage.plays(f"mastodon/{name}", TAG)
    posts = stage.collects("mastodon", SOCIAL, max_pages=1)
    assert len(posts) == len({post.key for post in posts}) == count
    assert sum(post.searchable for post in posts) == searchable


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("err_404_status.json", Changed, '404 (Not Found) "Not Found"'),
        ("err_422_localised.json", Changed, "422 (Unprocessable"),
        ("trends_tags.json", Changed, "none of its 10 records could be read (uri: is missing)"),
        ("status_single.json", Changed, "no list of posts"),
        ("search_v2_2026.json", Changed, "no list of posts"),
    ],
)
def test_mastodon_answers_that_are_no_timeline(
    stage: Stage, name: str, error: type[CollectorError], words: str
) -> None:
    stage.plays(f"mastodon/{name}", TAG)
    stage.fails("mastodon", SOCIAL, error, words, max_pages=1)


def test_mastodon_cut_off(stage: Stage) -> None:
    stage.plays("mastodon/tag_rstats_mastodon_social.json", TAG, cut_at=9_000)
    stage.fails("mastodon", SOCIAL, Changed, "cut off", max_pages=1)


# --- feeds ---------------------------------------------------------------------------------------------------

CHANNEL = Query("youtube.com", "UC" + "x" * 22)
SEARCHED = Query("reddit.com", "linux kernel")


def test_youtube_channel(stage: Stage) -> None:
    stage.plays("youtube_atom/channel_google_2015.xml", "/feeds/videos.xml", {"channel_id": CHANNEL.words})
    posts = stage.collects("youtube_feed", CHANNEL)
    assert len(posts) == 15
    assert len({post.author for post in posts}) == 1
    assert all(post.reading.views and post.reading.likes for post in posts)


def test_youtube_channel_cut_off(stage: Stage) -> None:
    stage.plays("youtube_atom/channel_google_2015.xml", "/feeds/videos.xml", cut_at=9_000)
    stage.fails("youtube_feed", CHANNEL, Changed, "cut off")


def test_reddit_search_feed_skips_the_card_of_a_subreddit(stage: Stage) -> None:
    stage.plays("reddit_rss/search_2026.xml", "/search.rss")
    posts = stage.collects("reddit_feed", SEARCHED)
    assert [post.id[:3] for post in posts] == ["t3_", "t3_"]
    assert [post.text is None for post in posts] == [True, False]
    assert not any(post.reading.says_something() for post in posts)


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("reddit_rss/frontpage_rss20_2016.xml", Changed, "<rss> instead of an Atom feed"),
        ("reddit/err_403_forbidden.json", Refused, "403 (Forbidden)"),
        ("reddit/err_503.txt", Unavailable, "503 (Service Unavailable)"),
        ("reddit/err_429_html_retry_after.html", Unavailable, "429 (Too Many Requests)"),
        ("melon/realtime_chart_2018.html", Changed, "an HTML page instead of a feed"),
    ],
)
def test_reddit_feed_errors(stage: Stage, name: str, error: type[CollectorError], words: str) -> None:
    stage.plays(name, "/search.rss")
    stage.fails("reddit_feed", SEARCHED, error, words)


def test_reddit_feed_waits_as_the_429_says(stage: Stage) -> None:
    stage.plays("reddit/err_429_html_retry_after.html", "/search.rss")
    stage.fails("reddit_feed", SEARCHED, Unavailable, "429")
    assert stage.time.slept == [4.0, 4.0]


# --- Lemmy ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "count"), [("search_2026.json", 3), ("post_list.json", 10)])
def test_lemmy_posts_and_comments(stage: Stage, name: str, count: int) -> None:
    stage.plays(f"lemmy/{name}", "/api/v3/search")
    posts = stage.collects("lemmy", Query("lemmy.world", "linux"))
    assert len(posts) == len({post.key for post in posts}) == count
    assert all(post.id.startswith("https://") and (post.title or post.text) for post in posts)


def test_lemmy_cut_off_or_a_web_page(stage: Stage) -> None:
    stage.plays("lemmy/post_list.json", "/api/v3/search", cut_at=5_000)
    stage.fails("lemmy", Query("lemmy.world", "linux"), Changed, "cut off")
    stage.server.clear()
    stage.plays("melon/realtime_chart_2018.html", "/api/v3/search")
    stage.fails("lemmy", Query("lemmy.world", "linux"), Changed, "an HTML page instead of JSON")


# --- Reddit through PRAW -------------------------------------------------------------------------------------

NEW = Query("r/kdrama", "new")
COMMENTS = Query("r/kdrama", "comments")


@pytest.mark.parametrize(
    ("name", "query", "records", "count", "nameless"),
    [
        ("rising_askreddit_2016.json", NEW, 25, 25, 0),
        ("search_all_relevance_2016.json", SEARCHED, 6, 6, 0),
        ("info_url_youtube_2017.json", NEW, 15, 15, 0),
        ("stream_submissions_page2_2016.json", NEW, 4, 4, 0),
        ("duplicates_2016.json", NEW, 4, 4, 0),  # two listings: the post and its duplicates
        ("gallery_submission_2020.json", COMMENTS, 1, 1, 0),
        ("comments_subreddit_2016.json", COMMENTS, 40, 40, 0),
        ("stream_comments_page1_2023.json", COMMENTS, 40, 40, 0),
        ("info_ids_comments_2021.json", COMMENTS, 25, 22, 1),  # three were taken down, one has lost its author
        ("comment_deleted_info_2016.json", COMMENTS, 1, 0, 0),
        ("thread_comments_2016.json", COMMENTS, 2, 2, 0),
        ("stream_comments_empty_2017.json", COMMENTS, 1, 0, 0),
    ],
)
def test_reddit_listings(stage: Stage, name: str, query: Query, records: int, count: int, nameless: int) -> None:
    path = "/r/all/search/" if query == SEARCHED else f"/{query.place}/{query.words}"
    for each in (path, f"{path}/"):
        stage.plays(f"reddit/{name}", each)
    posts = stage.collects("reddit", query, max_posts=records)
    assert len(posts) == len({post.key for post in posts}) == count
    assert sum(post.author is None for post in posts) == nameless
    assert all(post.id[:3] in ("t1_", "t3_") and "/comments/" in (post.url or "") for post in posts)
    # The token and one page: nothing was asked for lazily.
    assert len(stage.server.log) == 2


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("bad_json_truncated.json", Changed, "cut off"),
        ("err_302_redirect.html", Changed, "redirects elsewhere"),
        ("err_401_invalid_token.json", Refused, "401 (Unauthorized)"),
        ("err_403_forbidden.json", Refused, "403 (Forbidden)"),
        ("err_404_user_ids.json", Changed, "404 (Not Found)"),
        ("err_429_html_retry_after.html", Unavailable, "asks to wait 4 s"),
        ("err_503.txt", Unavailable, "503 (Service Unavailable)"),
    ],
)
def test_reddit_errors(stage: Stage, name: str, error: type[CollectorError], words: str) -> None:
    stage.plays(f"reddit/{name}", "/r/kdrama/new")
    stage.fails("reddit", NEW, error, words, max_posts=40)


def test_reddit_refuses_the_key(stage: Stage) -> None:
    stage.server.clear()
    stage.plays("reddit/err_token_401_bad_password.json", "/api/v1/access_token")
    stage.fails("reddit", NEW, Refused, "refuses the key (unauthorized_client)", max_posts=40)
