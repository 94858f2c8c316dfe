from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from collectors.capture_files import LONGEST_LINE, UnreadableFile, format_of, posts_in
from collectors.records import BadLine
from models.korean_time import iso
from models.post import Post

LINE = {
    "platform": "youtube",
    "id": "demo-1",
    "title": "첫눈처럼 너에게 가겠다 커버",
    "published_at": "2026-11-20T10:00:00Z",
    "observed_at": "2026-11-20T12:00:00Z",
    "views": 1200,
    "shares": None,
}


def write(path: Path, *rows: Any) -> Path:
    lines = [row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode() for row in rows]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def only_post(path: Path) -> Post:
    [(_, found)] = posts_in(path)
    assert isinstance(found, Post), found
    return found


def test_a_post_line_becomes_a_post(tmp_path: Path) -> None:
    post = only_post(write(tmp_path / "a.jsonl", LINE))
    assert post.key == "youtube:demo-1"
    assert post.reading.views == 1200
    assert post.reading.shares is None
    assert post.reading.likes is None


def test_gzip_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    file = tmp_path / "capture.txt"
    file.write_bytes(gzip.compress(json.dumps(LINE).encode()))
    assert only_post(file).id == "demo-1"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "id: is missing"),
        ({"published_at": "20 November"}, "published_at: '20 November' is not a time"),
        ({"published_at": "2026-11-20T10:00:00"}, "published_at"),
        ({"title": " "}, "title: a post needs a title or a text"),
        ({"views": -1}, "views: expected a whole number from 0, got '-1'"),
        ({"views": "1.2M"}, "views"),
        ({"views": True}, "views"),
        ({"views": 2**63}, "views"),
        ({"likes": 1.5}, "likes"),
        ({"hashtags": "ost"}, "hashtags: expected a list"),
        ({"title": 7.5}, "title: expected text"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_read(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    found = list(posts_in(write(tmp_path / "a.jsonl", LINE, {**LINE, **change}, {**LINE, "id": "demo-2"})))
    assert [type(one).__name__ for _, one in found] == ["Post", "BadLine", "Post"]
    bad = found[1][1]
    assert isinstance(bad, BadLine)
    assert (bad.number, reason in bad.reason) == (2, True), bad.reason


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b'{"platform": "x", "id": 1' + b"0" * 5000 + b"}",
        b'{"platform": "x", "id": "1", "views": NaN}',
        b"\xff\xfe{",
        b"null",
        b'{"platform": "x", ',
    ],
)
def test_hostile_json_costs_one_line_only(tmp_path: Path, line: bytes) -> None:
    found = list(posts_in(write(tmp_path / "a.jsonl", LINE, line, LINE)))
    assert [type(one).__name__ for _, one in found] == ["Post", "BadLine", "Post"]


def test_a_byte_order_mark_and_half_surrogates_do_no_harm(tmp_path: Path) -> None:
    marked = b"\xef\xbb\xbf" + json.dumps({**LINE, "title": "\ud83d 소나기"}).encode()
    assert only_post(write(tmp_path / "a.jsonl", marked)).title == "\ud83d 소나기"


def test_an_endless_line_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(json.dumps(LINE).encode() + b"\n" + b"x" * (LONGEST_LINE + 10) + b"\n" + json.dumps(LINE).encode())
    assert [type(one).__name__ for _, one in posts_in(file)] == ["Post", "BadLine", "Post"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"<html><body>Log in</body></html>", "neither post lines nor"),
        (b'{"hello": "world"}\n', "neither post lines nor"),
        (gzip.compress(json.dumps(LINE).encode() * 50)[:-20], "damaged"),
    ],
)
def test_a_file_that_is_no_capture_is_refused_by_name(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "odd.jsonl"
    file.write_bytes(content)
    with pytest.raises(UnreadableFile, match=rf"odd.jsonl: .*{reason}"):
        list(posts_in(file))


def capture(platform: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "item_id": "1",
        "timestamp_collected": "1763812800123",
        "source_platform": platform,
        "source_url": "https://www.tiktok.com/api/?device_id=SECRET",
        "data": data,
    }


TIKTOK = {
    "id": "7300000000000000001",
    "desc": "소나기 챌린지 #lovelyrunner",
    "createTime": "1763800000",
    "author": {"uniqueId": "Invented.Name", "id": "9"},
    "music": {"id": 7200000000000000009, "original": False},
    "challenges": [{"title": "lovelyrunner"}],
    "textExtra": [{"hashtagName": "LovelyRunner"}, {"hashtagName": ""}],
    "stats": {"playCount": 38900, "diggCount": 10, "commentCount": 0, "shareCount": 2},
    "statsV2": {"playCount": "38884"},
    "textLanguage": "ko",
}
TWEET = {
    "rest_id": "1800000000000000001",
    "core": {"user_results": {"result": {"rest_id": "42", "legacy": {"screen_name": "Invented"}}}},
    "views": {"count": "250"},
    "legacy": {
        "id_str": "1800000000000000001",
        "full_text": "Sudden Shower &amp; tears",
        "created_at": "Tue Oct 10 07:57:53 +0000 2023",
        "favorite_count": 9,
        "retweet_count": 1,
        "quote_count": 2,
        "reply_count": 0,
        "lang": "qme",
        "entities": {"hashtags": [{"text": "LovelyRunner"}]},
    },
}


def test_a_tiktok_capture_prefers_exact_counts_and_hides_the_handle(tmp_path: Path) -> None:
    post = only_post(write(tmp_path / "z.ndjson", capture("tiktok.com", TIKTOK)))
    assert post.key == "tiktok:7300000000000000001"
    assert post.reading.views == 38884
    assert post.reading.likes == 10
    assert post.author == "invented.name"
    assert post.sound == "7200000000000000009"
    assert post.hashtags == ("LovelyRunner",)
    assert "invented" not in (post.url or "")
    assert iso(post.known_at) == "2025-11-22T12:00:00Z"


def test_an_x_capture_counts_shares_and_unescapes(tmp_path: Path) -> None:
    post = only_post(write(tmp_path / "z.ndjson", capture("twitter.com", TWEET)))
    assert post.text == "Sudden Shower & tears"
    assert (post.reading.views, post.reading.shares, post.reading.comments) == (250, 3, 0)
    assert (post.author, post.language, post.url) == ("42", None, "https://x.com/i/status/1800000000000000001")


def test_long_posts_on_x_are_read_whole_and_wrapped_ones_unwrapped(tmp_path: Path) -> None:
    note = {"note_tweet_results": {"result": {"text": "the whole long text"}}}
    wrapped = {"__typename": "TweetWithVisibilityResults", "tweet": {**TWEET, "note_tweet": note}}
    assert only_post(write(tmp_path / "z.ndjson", capture("x.com", wrapped))).text == "the whole long text"


@pytest.mark.parametrize(
    ("platform", "data"),
    [
        ("tiktok.com", {**TIKTOK, "isAd": True}),
        ("x.com", {**TWEET, "legacy": {**TWEET["legacy"], "retweeted_status_result": {}}}),  # type: ignore[dict-item]
    ],
)
def test_advertisements_and_reposts_are_no_posts_and_no_errors(
    tmp_path: Path, platform: str, data: dict[str, Any]
) -> None:
    assert list(posts_in(write(tmp_path / "z.ndjson", capture(platform, data)))) == [(1, None)]


def test_a_platform_that_is_not_read_is_named(tmp_path: Path) -> None:
    [(_, bad)] = posts_in(write(tmp_path / "z.ndjson", capture("douyin.com", {})))
    assert isinstance(bad, BadLine)
    assert "douyin.com" in bad.reason


@pytest.mark.parametrize(
    ("name", "posts"), [("tiktok_search_a", 32), ("tiktok_search_b", 32), ("twitter_search_a", 35)]
)
def test_recorded_captures_are_read_whole(shared: Path, name: str, posts: int) -> None:
    file = shared / "payloads" / "zeeschuimer" / f"{name}.ndjson"
    found = [one for _, one in posts_in(file)]
    assert format_of(file) == "zeeschuimer"
    assert sum(isinstance(one, Post) for one in found) == posts == len(found)
    assert all(one.reading.likes is not None for one in found if isinstance(one, Post))
    assert len({one.key for one in found if isinstance(one, Post)}) == posts
