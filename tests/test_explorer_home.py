"""The home page answers "what is climbing this week", and says what to do where there is nothing to answer."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest
from datasette.app import Datasette
from explorer_database import HOSTILE_TITLE, close, empty_database, example_database, page, pages
from sqlite_utils import Database

from tracker.explorer import home_facts
from tracker.explorer.home import change_words, moment_words
from tracker.explorer.home_facts import Home, read_home


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example_database(tmp_path_factory.mktemp("home") / "ostpulse.db")


@pytest.fixture(scope="module")
def text(database: Path) -> str:
    return page(database, "/").text


def facts(database: Path) -> Home:
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        return read_home(connection)


def test_facts_hold_the_last_closed_week_by_rank(database: Path) -> None:
    home = facts(database)
    assert (home.week, home.first_day, home.last_day) == ("2026-W48", "23 November 2026", "29 November 2026")
    assert [entry.row["song"] for entry in home.rows] == [
        "rain-letter", "old-harbour", "moon-ferry", "stay", "first-snow",
    ]  # fmt: skip
    assert [entry.row["change"] for entry in home.rows] == ["+1", "new", "-2", "-1", "n/a (source gap)"]


def test_line_has_28_closed_days_and_breaks_where_a_day_is_missing(database: Path) -> None:
    days = {entry.row["song"]: entry.days for entry in facts(database).rows}
    assert {len(line) for line in days.values()} == {28}
    assert None not in days["rain-letter"]
    assert days["first-snow"].count(None) == 3


def test_tag_mix_counts_only_posts_of_the_week_known_when_it_closed(database: Path, tmp_path: Path) -> None:
    before = facts(database).rows[0].tags
    assert before["cover"] == 11
    assert sum(before.values()) == 24
    late = example_database(tmp_path / "late.db")
    db = Database(late)
    db["posts"].update("youtube:rain-letter-0", {"first_seen_at": "2026-12-01T01:00:00Z"})
    db.close()
    assert facts(late).rows[0].tags["cover"] == 10


def test_busy_week_is_bounded_and_says_so(database: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "busy week" not in text
    monkeypatch.setattr(home_facts, "MOST_POSTS", 10)
    home = facts(database)
    assert home.crowded
    assert sum(sum(entry.tags.values()) for entry in home.rows) == 10
    assert "A busy week" in page(database, "/").text


def test_alerts_and_loudest_posts_are_of_the_seven_days_before_the_last_scored_hour(database: Path) -> None:
    home = facts(database)
    assert [alert["standing"] for alert in home.alerts] == ["confirmed", "not confirmed", "withdrawn"]
    views = [post["views"] for post in home.loudest]
    assert views[0] == 9_000_000
    assert views == sorted(views, reverse=True)
    assert all(post["published_at"] > "2026-11-24T02" for post in home.loudest)


def test_coverage_and_sources(database: Path) -> None:
    home = facts(database)
    assert [(row["platform"], row["gaps"]) for row in home.platforms] == [("mastodon", 0), ("youtube", 5)]
    assert [(row["source"], row["last_status"]) for row in home.sources] == [("lemmy", "failed"), ("mastodon", "ok")]


def test_page_says_who_leads_by_how_much_and_in_both_scripts(text: str) -> None:
    plain = " ".join(re.sub(r"<[^>]+>", "", text).split())
    assert "Rain Letter 비의 편지 by Yoon Sera leads with 11 times its usual week" in plain
    assert "Week 2026-W48 · 23 November 2026 to 29 November 2026, Korean time" in plain
    assert "North Gate &amp; Kim Haru · Paper Moon Inn" in plain
    assert "lemmy.world: no answer within 60 s" in plain
    assert "9,000,000 views" in plain


def test_page_works_without_scripts_and_holds_no_stranger_s_markup(text: str) -> None:
    assert HOSTILE_TITLE not in text
    assert "&lt;script&gt;alert(" in text
    assert "javascript:" not in text
    assert re.findall(r"\son\w+=", re.sub(r"&lt;.*?&gt;", "", text)) == []
    for link in re.findall(r"<a [^>]*https?://(?!datasette\.io)[^>]*>", text):
        assert 'rel="noopener nofollow ugc"' in link


class Outline(HTMLParser):
    """Headings, labels, fields, ids and references of a page, as a screen reader would list them."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.referred: list[str] = []
        self.fields: list[str] = []
        self.tables = self.captions = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {key: value or "" for key, value in attrs}
        self.ids += [has["id"]] if "id" in has else []
        self.referred += [has[key] for key in ("aria-labelledby", "for") if key in has]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "input" and has.get("type") != "hidden":
            self.fields.append(has["id"])
        if tag == "svg":
            assert has.get("aria-label"), "a drawing without words"
        self.tables += tag == "table"
        self.captions += tag == "caption"


def test_page_is_sound_for_screen_readers(text: str) -> None:
    outline = Outline()
    outline.feed(text)
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.referred) <= set(outline.ids)
    assert set(outline.fields) <= set(outline.referred)
    assert outline.tables == outline.captions == 3


def test_every_link_of_the_page_leads_somewhere(database: Path, text: str) -> None:
    links = sorted({link.split("#")[0] for link in re.findall(r'href="(/[^"]*)"', text)})
    assert len(links) > 30
    answers = pages(database, *(link.replace("&amp;", "&") for link in links))
    assert {link: answer.status_code for link, answer in zip(links, answers, strict=True)} == dict.fromkeys(links, 200)


def test_demo_is_named_on_every_page(tmp_path: Path, text: str) -> None:
    demo = example_database(tmp_path / "demo.db", demo=True)
    for answer in pages(demo, "/", "/demo", "/demo/posts", "/demo/this_week", "/demo/songs/stay"):
        assert "Every post, account and number here is invented; the songs and singers are real." in answer.text
    assert "invented" not in text


@pytest.mark.parametrize(
    ("filled", "advice"),
    [
        ("", "Nothing has been collected yet"),
        ("posts", "There are posts, but no scores yet"),
        ("scored", "No week has closed yet"),
    ],
)
def test_without_a_chart_the_page_says_what_to_do_first(tmp_path: Path, filled: str, advice: str) -> None:
    path = empty_database(tmp_path / "ostpulse.db")
    db = Database(path)
    if filled:
        db["posts"].insert(
            {"key": "x:1", "platform": "x", "hashtags": "[]", "published_at": "2026-11-20T10:00:00Z",
             "first_seen_at": "2026-11-20T10:00:00Z", "source": "x"}
        )  # fmt: skip
    if filled == "scored":
        db["meta"].insert({"key": "scored_until", "value": "2026-11-20T11:00:00Z"})
    db.close()
    answer = page(path, "/")
    assert answer.status_code == 200
    assert advice in answer.text
    assert "ostpulse score" in answer.text


def test_plain_datasette_with_the_plugin_but_without_metadata_has_home_and_queries(database: Path) -> None:
    async def visit() -> list[int]:
        plain = Datasette([str(database)])
        try:
            return [(await plain.client.get(path)).status_code for path in ("/", "/ostpulse/this_week", "/ostpulse")]
        finally:
            close(plain)

    assert asyncio.run(visit()) == [200, 200, 200]


def test_another_database_is_shown_as_datasette_shows_it(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    db = Database(other)
    db["posts"].insert({"song": "s", "url": "https://a.example/"})
    db.close()

    async def visit() -> list[str]:
        plain = Datasette([str(other)])
        try:
            return [(await plain.client.get(path)).text for path in ("/", "/other/posts")]
        finally:
            close(plain)

    home, table = asyncio.run(visit())
    assert '<a href="/other">other</a>' in home
    assert "ugc" not in table


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("+3", ("up", "▲ 3", "up 3")),
        ("-12", ("down", "▼ 12", "down 12")),
        ("=", ("same", "=", "unchanged")),
        ("new", ("entry", "new", "new")),
        ("re-entry", ("entry", "re-entry", "re-entry")),
        ("n/a (source gap)", ("gap", "n/a (source gap)", "n/a (source gap)")),
    ],
)
def test_change_in_words(change: str, expected: tuple[str, str, str]) -> None:
    assert change_words(change) == expected


def test_moment_in_words() -> None:
    assert moment_words("2026-11-30T14:05:09Z") == "2026-11-30 14:05 UTC"
    assert moment_words(None) == "never"
