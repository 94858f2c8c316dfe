"""What strangers wrote changes nothing: on pages, in CSV, in links; and every reply carries the headers."""

from __future__ import annotations

import asyncio
import base64
import csv
import hashlib
import io
import re
from pathlib import Path

import pytest
from explorer_database import HOSTILE_TEXT, HOSTILE_TITLE, example_database, page, pages
from hypothesis import given
from hypothesis import strategies as st

from tracker.explorer.cells import times_usual
from tracker.explorer.csv_safety import SafeCsv, safe_cell
from tracker.explorer.figures import sparkline, tag_bar
from tracker.explorer.headers import content_policy, only_hosts
from tracker.explorer.inert import is_troublesome, isolated, link_away, plain, web_address
from tracker.explorer.metadata import packaged_queries, packaged_tables


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example_database(tmp_path_factory.mktemp("safety") / "ostpulse.db")


def test_every_reply_carries_the_headers(database: Path) -> None:
    addresses = [
        "/",
        "/nothing",
        "/ostpulse/posts",
        "/ostpulse/posts.json",
        "/ostpulse/posts.csv",
        "/a\\b",
        "/-/static/app.css",
    ]
    for address, answer in zip(addresses, pages(database, *addresses), strict=True):
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], address
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers.get_list("content-security-policy") == [content_policy()]


def test_policy_allows_no_inline_script_but_those_of_the_pages(database: Path) -> None:
    script_rule = next(rule for rule in content_policy().split("; ") if rule.startswith("script-src"))
    assert "unsafe" not in script_rule
    names = [*packaged_tables(), *packaged_queries(), "posts/x~3Ah~2F1", "this_week?_show_sql=1", "nothing"]
    for answer in pages(database, "/", "/ostpulse", *(f"/ostpulse/{name}" for name in names)):
        for attributes, script in re.findall(r"<script([^>]*)>(.*?)</script>", answer.text, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert 'src="/-/static/' in attributes or f"'sha256-{digest}'" in script_rule, answer.url


def test_hostile_post_is_inert_on_every_page_that_shows_it(database: Path) -> None:
    names = ("posts", "posts/x~3Ah~2F1", "top_posts?song=stay", "posts_to_review", "search?q=alert", "top_covers")
    for answer in pages(database, "/", *(f"/ostpulse/{name}" for name in names)):
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
        assert 'href="javascript' not in answer.text
        assert "\u202e" not in answer.text


def test_links_that_lead_away_tell_nothing_and_vouch_for_nothing(database: Path) -> None:
    text = page(database, "/ostpulse/posts?platform=mastodon").text
    assert '<a href="https://mastodon.example/p/stay/7" rel="noopener nofollow ugc">' in text


def test_csv_is_made_safe_and_json_stays_exact(database: Path) -> None:
    table, query, exact = pages(
        database,
        "/ostpulse/posts.csv?key=x:h/1",
        "/ostpulse/posts_to_review.csv",
        "/ostpulse/posts.json?key=x:h/1&_shape=array",
    )
    row = next(csv.DictReader(io.StringIO(table.text, newline="")))
    assert row["text"] == "'" + HOSTILE_TEXT
    assert row["title"] == HOSTILE_TITLE
    assert next(csv.DictReader(io.StringIO(query.text, newline="")))["text"] == "'" + HOSTILE_TEXT[:300]
    assert exact.json()[0]["text"] == HOSTILE_TEXT


def test_streamed_csv_keeps_every_row_and_every_number(database: Path) -> None:
    streamed, exact = pages(
        database, "/ostpulse/trend_scores.csv?_stream=1", "/ostpulse/trend_scores.json?_shape=array&_size=max"
    )
    rows = list(csv.DictReader(io.StringIO(streamed.text, newline="")))
    assert [(row["song"], row["start"], float(row["growth_log2"])) for row in rows] == [
        (row["song"], row["start"], row["growth_log2"]) for row in exact.json()
    ]
    assert any(row["growth_log2"].startswith("-") for row in rows)
    changes = csv.DictReader(io.StringIO(page(database, "/ostpulse/this_week.csv").text, newline=""))
    assert [row["change"] for row in changes] == ["+1", "new", "-2", "-1", "n/a (source gap)"]


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"])
def test_cell_that_a_spreadsheet_could_run_gets_an_apostrophe(lead: str) -> None:
    assert safe_cell(f"{lead}cmd|'/C calc'!A0") == f"'{lead}cmd|'/C calc'!A0"


@pytest.mark.parametrize("cell", ["-1", "+54", "-0.25", "1e-05", "-1.5E+10", ".5", "", "rain", "2026-11-20", "a=b"])
def test_numbers_and_harmless_text_stay_as_they_are(cell: str) -> None:
    assert safe_cell(cell) == cell


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4), max_size=6),
    st.integers(1, 7),
)
def test_any_csv_in_any_pieces_keeps_its_cells(rows: list[list[str]], size: int) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    raw = written.getvalue().encode()
    safe = SafeCsv()
    out = b"".join(safe.take(raw[at : at + size], last=False) for at in range(0, len(raw), size))
    out += safe.take(b"", last=True)
    read = list(csv.reader(io.StringIO(out.decode(), newline="")))
    assert read == [[safe_cell(cell) for cell in row] for row in rows]


def test_cell_longer_than_the_csv_module_reads_is_made_safe_too() -> None:
    before = csv.field_size_limit()
    try:
        long = "=" + "가" * 200_000
        assert SafeCsv().take(f"{long},=1+1\r\n".encode(), last=True).decode() == f"'{long},'=1+1\r\n"
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "//evil.example/", "/\\evil", "ftp://a.example/", "http://",
     "http:///path", "https://a.example/ b", 'https://a.example/"onclick=', "https://[bad/", "", None, 7],
)  # fmt: skip
def test_only_whole_http_addresses_become_links(url: object) -> None:
    assert web_address(url) is None
    assert link_away(url) is None


def test_link_away_escapes_what_it_shows() -> None:
    link = str(link_away("https://a.example/?a=1&b='2'", "<b>\u202ex"))
    assert "&lt;b&gt;x" in link
    assert "&amp;b=" in link
    assert "\u202e" not in link


def test_plain_takes_out_what_turns_hides_or_piles_up_and_leaves_scripts_alone() -> None:
    assert plain("ab\u202ecd\u2066e\u200bf\0", 50) == "abcdef"
    assert plain("z" + "\u0301" * 500, 50) == "z" + "\u0301" * 3
    for words in ("사랑을 담아", "क्‍ष", "👩‍👩‍👧", "été", "ทดสอบนี้", "é̀"):
        assert plain(words, 50) == words
        assert not is_troublesome(words)
    assert is_troublesome("a\u202e")
    assert str(isolated("<i>\u202e")) == "<bdi>&lt;i&gt;</bdi>"


@given(st.text(), st.integers(2, 40))
def test_plain_is_never_longer_than_allowed_and_never_troublesome(text: str, longest: int) -> None:
    cut = plain(text, longest)
    assert len(cut) <= longest
    assert not is_troublesome(cut)


def test_sql_of_a_reader_s_own_is_refused_while_canned_queries_run(database: Path) -> None:
    own, filtered, canned, download = pages(
        database, "/ostpulse?sql=select+1", "/ostpulse/posts?_where=1=1", "/ostpulse/this_week", "/ostpulse.db"
    )
    assert (own.status_code, filtered.status_code, canned.status_code, download.status_code) == (403, 403, 200, 403)


def test_backslash_in_the_path_leads_nowhere(database: Path) -> None:
    answer = page(database, "/\\evil.example/")
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:8001", 200), ("localhost", 200), ("evil.example", 400), ("127.0.0.1.evil.example:80", 400), ("", 400)],
)
def test_a_foreign_host_is_refused(host: str, status: int) -> None:
    sent: list[int] = []

    async def application(scope: object, receive: object, send: object) -> None:
        sent.append(200)

    async def send(message: dict[str, object]) -> None:
        if "status" in message:
            sent.append(int(str(message["status"])))

    scope = {"type": "http", "path": "/", "headers": [(b"host", host.encode())]}
    asyncio.run(only_hosts(application, {"127.0.0.1", "localhost"})(scope, None, send))  # type: ignore[arg-type]
    assert sent == [status]


def test_figures_say_in_words_what_they_show() -> None:
    line = str(sparkline([1, None, 40, 20], ceiling=30))
    assert 'aria-label="4 days: first 1, highest 40, last 20"' in line
    assert line.count("M") >= 2 + 1  # the floor, and the line begun twice
    assert "no days yet" in sparkline([None, None], ceiling=30)
    bar = str(tag_bar({"cover": 3, "other": 1}))
    assert 'aria-label="3 cover, 1 other"' in bar
    assert "75% cover" in bar
    assert "no tags" in tag_bar({})


@given(st.lists(st.none() | st.floats(0, 100), min_size=1, max_size=40))
def test_line_stays_inside_its_frame(days: list[float | None]) -> None:
    drawn = re.findall(r"[ML]([\d.-]+) ([\d.-]+)", str(sparkline(days, ceiling=30)).split('class="line"')[-1])
    assert all(0 <= float(x) <= 112 and 0 <= float(y) <= 28 for x, y in drawn)


@pytest.mark.parametrize(
    ("growth", "shown"), [(3.46, "11"), (1, "2.0"), (0, "1.0"), (-1, "0.5"), (9999, "1,073,741,824")]
)
def test_times_its_usual(growth: float, shown: str) -> None:
    assert times_usual(growth) == shown
