"""YouTube's channel and playlist feeds, on feeds written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from network_fakes import NOW, a_client, section
from pytest_httpserver import HTTPServer

from collectors.base import Changed, CollectorError, Query, Unavailable
from collectors.http import Client
from collectors.youtube_feed import YouTubeFeed
from models.post import Post

CHANNEL = "UC" + "a" * 22
PLAYLIST = "PLabcdefghijk"
COUNTS = (
    '<media:community><media:starRating count="80" average="5.00"/><media:statistics views="1200"/></media:community>'
)


def entry(
    video: str = "dQw4w9WgXcQ", *, counts: str = COUNTS, published: str = "2026-11-20T10:00:00+00:00", **parts: str
) -> str:
    channel = parts.get("channel", f"<yt:channelId>{CHANNEL}</yt:channelId>")
    return f"""<entry>
      <id>yt:video:{video}</id><yt:videoId>{video}</yt:videoId>{channel}
      <title>{parts.get("title", "[MV] 눈꽃 &amp; 별 - 도깨비 OST Part.3")}</title>
      <link rel="alternate" href="https://www.youtube.com/shorts/{video}"/>
      <author><name>A Channel</name><uri>https://www.youtube.com/channel/{CHANNEL}</uri></author>
      <published>{published}</published><updated>2026-11-20T11:00:00+00:00</updated>
      <media:group>
        <media:description>{parts.get("text", "듣기 #도깨비 #OST https://youtu.be/x#frag")}</media:description>
        {counts}
      </media:group>
    </entry>"""


def feed(*entries: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015"'
        ' xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">'
        f"<title>A Channel</title>{''.join(entries)}</feed>"
    )


@pytest.fixture
def client() -> Iterator[Client]:
    with a_client() as client:
        yield client


def collected(
    client: Client, server: HTTPServer, body: str | bytes, words: str = CHANNEL, **settings: Any
) -> list[Post]:
    server.expect_request("/feeds/videos.xml").respond_with_data(body, content_type="text/xml")
    own = section(base_url=server.url_for(""), channels=(), playlists=(), **settings)
    return list(YouTubeFeed(own, client).collect(Query("youtube.com", words), since=None))


def test_a_video_becomes_a_post(client: Client, httpserver: HTTPServer) -> None:
    [post] = collected(client, httpserver, feed(entry()))
    assert post.key == "youtube:dQw4w9WgXcQ"
    assert post.author == CHANNEL
    assert post.title == "[MV] 눈꽃 & 별 - 도깨비 OST Part.3"
    assert post.text == "듣기 #도깨비 #OST https://youtu.be/x#frag"
    assert post.hashtags == ("도깨비", "OST")
    assert post.url == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert post.published_at == NOW - timedelta(hours=2)
    assert post.reading.counts == (1200, 80, None, None)
    assert post.reading.observed_at == NOW


@pytest.mark.parametrize(
    ("counts", "stated"),
    [
        ("", (None, None, None, None)),
        ('<media:community><media:statistics views="0"/></media:community>', (0, None, None, None)),
        ('<media:community><media:statistics views="1,200"/></media:community>', (None, None, None, None)),
        ('<media:community><media:starRating average="5.00"/></media:community>', (None, None, None, None)),
        ('<media:community><media:statistics views="-1"/></media:community>', (None, None, None, None)),
    ],
)
def test_a_count_that_is_missing_is_not_zero(
    client: Client, httpserver: HTTPServer, counts: str, stated: tuple[int | None, ...]
) -> None:
    [post] = collected(client, httpserver, feed(entry(counts=counts)))
    assert post.reading.counts == stated


@pytest.mark.parametrize("stated", ["", f"<yt:channelId>{CHANNEL[2:]}</yt:channelId>", "<yt:channelId/>"])
def test_the_channel_is_found_in_every_shape_of_the_feed(client: Client, httpserver: HTTPServer, stated: str) -> None:
    [post] = collected(client, httpserver, feed(entry(channel=stated)))
    assert post.author == CHANNEL


def test_channels_and_playlists_are_asked_for_by_their_own_name(client: Client, httpserver: HTTPServer) -> None:
    own = section(channels=(CHANNEL,), playlists=(PLAYLIST,))
    assert YouTubeFeed(own, client).queries() == [("youtube.com", CHANNEL), ("youtube.com", PLAYLIST)]
    collected(client, httpserver, feed(), CHANNEL)
    collected(client, httpserver, feed(), PLAYLIST)
    asked = [request.query_string.decode() for request, _ in httpserver.log]
    assert asked == [f"channel_id={CHANNEL}", f"playlist_id={PLAYLIST}"]


def test_videos_older_than_since_come_along_with_their_new_counts(client: Client, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feeds/videos.xml").respond_with_data(feed(entry()))
    collector = YouTubeFeed(section(base_url=httpserver.url_for(""), channels=(), playlists=()), client)
    assert len(list(collector.collect(Query("youtube.com", CHANNEL), since=NOW))) == 1


def test_a_channel_without_videos_is_no_error(client: Client, httpserver: HTTPServer) -> None:
    assert collected(client, httpserver, feed()) == []


def test_one_bad_entry_is_left_out_alone(client: Client, httpserver: HTTPServer) -> None:
    body = feed(entry("bad id"), entry(published="2099-01-01T00:00:00Z"), entry("aaaaaaaaaaa"))
    assert [post.id for post in collected(client, httpserver, body)] == ["aaaaaaaaaaa"]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>&b;</title></feed>'
)
READS_A_FILE = (
    '<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>&a;</title></feed>'
)


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        ("", Unavailable, "the answer was empty"),
        (feed(entry())[:-30], Changed, "cut off"),
        ("<!DOCTYPE html><html><body>Before you continue</body></html>", Changed, "an HTML page instead of a feed"),
        ("<rss><channel/></rss>", Changed, "<rss> instead of an Atom feed"),
        (feed("<entry><id>new shape</id></entry>"), Changed, "(yt:videoId: '' is not the id of a video)"),
        (BOMB, Changed, "no XML"),
        (READS_A_FILE, Changed, "no XML"),
        ('<?xml version="1.0" encoding="no-such"?><feed/>', Changed, "no XML"),
    ],
)
def test_what_is_no_feed_is_an_error_not_an_empty_one(
    client: Client, httpserver: HTTPServer, body: str, error: type[CollectorError], words: str
) -> None:
    with pytest.raises(error) as raised:
        collected(client, httpserver, body)
    assert str(raised.value).startswith(f"youtube.com {CHANNEL} (at ")
    assert words in str(raised.value)


def test_deep_nesting_ends_quickly(client: Client, httpserver: HTTPServer) -> None:
    body = feed("<entry>" + "<a>" * 100_000 + "</a>" * 100_000 + "</entry>")
    with pytest.raises(Changed):
        collected(client, httpserver, body)


def test_an_oversized_feed_is_refused_before_it_is_parsed(httpserver: HTTPServer) -> None:
    with a_client(max_body_mb=20) as client, pytest.raises(Changed, match="more than 3 MB"):
        collected(client, httpserver, feed("<entry>" + " " * 3_000_000 + "</entry>"))
