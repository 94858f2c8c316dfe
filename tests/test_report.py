"""The weekly report as a reader, a script and a spreadsheet meet it."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from report_database import HOSTILE, LAST, add_post, build, cut_collection, empty
from sqlite_utils import Database

from models.korean_time import DAY, week_start
from tracker.report.week import ReportError
from tracker.report.write import Written, write_report


@pytest.fixture
def db() -> Database:
    return build(fillers=14)


def report(db: Database, folder: Path, week: str | None = None, *, top: int = 20, demo: bool = False) -> Written:
    return write_report(db, week=week, folder=folder, top=top, demo=demo)


def text_of(written: Written, ending: str) -> str:
    (path,) = (file for file in written.files if file.name.endswith(ending))
    return path.read_text("utf-8-sig" if ending.endswith("csv") else "utf-8")


def table_of(written: Written, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(written, f"-{name}.csv"), newline="")))


def chart_of(written: Written) -> dict[str, dict[str, object]]:
    return {row["song"]["id"]: row for row in json.loads(text_of(written, ".json"))["chart"]}


class Page(HTMLParser):
    """What a browser would make of the page: elements, their attributes, and the text outside <style>."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._style = tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.words.append(data)

    def values(self, attribute: str) -> list[str]:
        return [found for _, attrs in self.elements if (found := attrs.get(attribute)) is not None]


def test_the_files_of_a_week_are_named_after_it(db: Database, tmp_path: Path) -> None:
    written = report(db, tmp_path / "new" / "folder")
    names = {file.name for file in written.files}
    assert written.week == LAST
    assert {f"ostpulse-{LAST}.{ending}" for ending in ("html", "md", "json", "atom")} <= names
    assert f"ostpulse-{LAST}-chart.csv" in names
    assert sorted(names) == sorted(file.name for file in (tmp_path / "new" / "folder").iterdir())


def test_the_same_content_gives_the_same_bytes(db: Database, tmp_path: Path) -> None:
    first, second = report(db, tmp_path / "a"), report(build(fillers=14), tmp_path / "b")
    again = report(db, tmp_path / "a")
    for one, other, third in zip(first.files, second.files, again.files, strict=True):
        assert one.read_bytes() == other.read_bytes() == third.read_bytes(), one.name


def test_the_chart_says_where_every_song_stands_and_moved(db: Database, tmp_path: Path) -> None:
    chart = chart_of(report(db, tmp_path))
    moved = {song: (row["rank"], row["last_rank"], row["movement"], row["places"]) for song, row in chart.items()}
    assert moved["snow"] == (1, 2, "climb", 1)
    assert moved["tide"] == (2, None, "debut", 0)
    assert moved["quiet"] == (4, 1, "slip", 3)
    assert moved["evil"] == (5, None, "re-entry", 0)
    assert moved["filler-6"] == (6, 6, "hold", 0)
    assert (chart["snow"]["peak"], chart["snow"]["peak_week"], chart["snow"]["weeks"]) == (1, "2026-W43", 9)


def test_last_weeks_column_is_last_weeks_chart(db: Database, tmp_path: Path) -> None:
    now, before = chart_of(report(db, tmp_path)), chart_of(report(db, tmp_path, "2026-W45"))
    assert {s: row["last_rank"] for s, row in now.items() if row["last_rank"]} == {
        s: row["rank"] for s, row in before.items() if row["rank"]
    }


def test_a_past_week_is_the_same_whenever_it_is_made(db: Database, tmp_path: Path) -> None:
    early = build(fillers=14)
    early["meta"].update("scored_until", {"value": "2026-11-10T00:00:00Z"})
    early.execute("delete from trend_scores where start >= '2026-11-08T15:00:00Z'")
    early.execute("delete from posts where first_seen_at > '2026-11-10T00:00:00Z'")
    for table in ("runs", "alerts"):
        column = "started_at" if table == "runs" else "raised_at"
        early.execute(f"delete from {table} where {column} > '2026-11-10T00:00:00Z'")
    early.execute("delete from coverage where noted_at > '2026-11-10T00:00:00Z'")
    then, now = report(early, tmp_path / "then"), report(db, tmp_path / "now", "2026-W45")
    assert then.week == "2026-W45"
    for one, other in zip(then.files, now.files, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_what_became_known_after_the_close_is_in_no_report(db: Database, tmp_path: Path) -> None:
    written = report(db, tmp_path)
    assert "known too late" not in text_of(written, ".html")
    assert "1,000,000,000" not in text_of(written, ".html")
    alerts = {row["song"]: row["confirmed_at"] for row in table_of(written, "alerts")}
    assert alerts["tide"]
    assert not alerts["evil"]


def test_no_movement_is_claimed_across_a_source_gap(db: Database, tmp_path: Path) -> None:
    cut_collection(db, "2026-W45")
    written = report(db, tmp_path)
    assert {row["movement"] for row in chart_of(written).values()} == {"gap"}
    page = text_of(written, ".html")
    assert "movement n/a (source gap)" in page
    assert "No song climbed that the rows support." in page
    assert "Movement is n/a (source gap) for 19 songs" in page


@pytest.mark.parametrize("week", ["2026-W47", "2027-W01"])
def test_a_week_that_is_not_closed_is_refused(db: Database, tmp_path: Path, week: str) -> None:
    with pytest.raises(ReportError, match=f"^{week} is not closed: it closes on Tuesday .* KST$"):
        report(db, tmp_path, week)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("week", "reason"),
    [
        ("2026-W20", "no scores are stored for 2026-W20"),
        ("last week", "not a week such as"),
        ("2026-W54", "week"),
        ("0000-W00", "."),
    ],
)
def test_an_unknown_week_is_refused_in_one_line(db: Database, tmp_path: Path, week: str, reason: str) -> None:
    with pytest.raises(ReportError, match=reason) as caught:
        report(db, tmp_path, week)
    assert "\n" not in str(caught.value)


def test_without_a_scored_or_closed_week_it_says_so(tmp_path: Path) -> None:
    db = build()
    db.execute("update meta set value = '2026-08-30T20:00:00Z'")
    with pytest.raises(ReportError, match="no week has closed"):
        report(db, tmp_path)
    db.execute("delete from meta")
    with pytest.raises(ReportError, match="nothing is scored yet"):
        report(db, tmp_path)


def test_a_folder_that_cannot_be_written_is_one_line(db: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReportError, match="file"):
        report(db, tmp_path / "file")


def test_an_empty_week_is_still_readable(tmp_path: Path) -> None:
    written = report(empty(), tmp_path, LAST)
    page = text_of(written, ".html")
    assert "We saw no post on a song of the catalogue this week." in page
    assert "No song has a rank this week" in page
    assert "No alert was raised this week." in page
    assert "5 tracked songs had no rank this week." in page
    assert "No song has a rank this week" in text_of(written, ".md")
    assert table_of(written, "chart") == []
    assert ElementTree.fromstring(text_of(written, ".atom")).tag.endswith("feed")


def test_hostile_text_is_only_text_in_the_page(db: Database, tmp_path: Path) -> None:
    page = Page(text_of(report(db, tmp_path), ".html"))
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img", "iframe", "object", "form", "link", "base"}
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert all(link.startswith(("#", "https://")) for link in page.values("href"))
    assert not page.values("src")
    assert "<script>alert(1)</script> gnp.exe" in "".join(page.words)
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]", "".join(page.words))


def test_links_go_out_without_passing_anything_on(db: Database, tmp_path: Path) -> None:
    page = Page(text_of(report(db, tmp_path), ".html"))
    outside = [attrs for tag, attrs in page.elements if tag == "a" and (attrs["href"] or "").startswith("http")]
    assert outside
    assert {attrs["rel"] for attrs in outside} == {"noopener nofollow"}


def test_hostile_text_stays_inside_its_row_in_markdown(db: Database, tmp_path: Path) -> None:
    text = text_of(report(db, tmp_path), ".md")
    assert not re.search(r"(?<!\\)<(script|img|b>)", text)
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    assert "\u202e" not in text
    table = [line for line in text.splitlines() if re.match(r"\| \d+ \| (\d+|–) \|", line)]
    assert len(table) == 19
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {18}
    assert re.search(r"\(<https://e\.org/[^<> ]*>\)", text)


def test_hostile_text_is_only_text_in_the_feed(db: Database, tmp_path: Path) -> None:
    feed = ElementTree.fromstring(text_of(report(db, tmp_path), ".atom"))
    atom = {"a": "http://www.w3.org/2005/Atom"}
    ids = [entry.text for entry in feed.iterfind(".//a:id", atom)]
    assert len(ids) == len(set(ids))
    for content in feed.iterfind(".//a:content", atom):
        assert {tag for tag, _ in Page(content.text or "").elements} <= {"p", "ol", "li"}
    titles = [entry.text or "" for entry in feed.iterfind(".//a:title", atom)]
    assert any('=Evil "<b>&amp;</b>"' in title for title in titles)


def test_csv_cells_cannot_be_formulas_and_numbers_stay_numbers(db: Database, tmp_path: Path) -> None:
    written = report(db, tmp_path)
    chart = {row["song"]: row for row in table_of(written, "chart")}
    assert chart["evil"]["title"].startswith("'=Evil")
    assert chart["snow"]["hangul"] == "첫눈 약속"
    assert float(chart["filler-19"]["times_usual"]) < 1
    assert chart["quiet"]["places"] == "3"
    assert text_of(written, "-chart.csv").count("첫눈") == 1
    raw = next(file for file in written.files if file.name.endswith("-chart.csv")).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")


def test_json_keeps_the_texts_as_collected(db: Database, tmp_path: Path) -> None:
    found = json.loads(text_of(report(db, tmp_path), ".json"))
    assert found["alerts"][1]["sentence"] == HOSTILE
    assert found["demo"] is False


def test_examples_are_chosen_by_rule(db: Database, tmp_path: Path) -> None:
    found = json.loads(text_of(report(db, tmp_path), ".json"))["examples"]
    by_rule = {(one["tag"], one["rule"]): one["key"] for one in found}
    assert by_rule["reaction", "most viewed"] == "mastodon:evil"
    assert by_rule["challenge", "most viewed"] == "mastodon:quote"
    assert by_rule["challenge", "newest"] == "tiktok:n38"
    assert len({one["key"] for one in found}) == len(found)


def test_an_erased_example_gives_way_to_the_next(db: Database, tmp_path: Path) -> None:
    db.execute("delete from posts where key = 'mastodon:evil'")
    db.execute("delete from mentions where post = 'mastodon:evil'")
    db.execute("delete from tags where post = 'mastodon:evil'")
    found = json.loads(text_of(report(db, tmp_path), ".json"))["examples"]
    assert next(one["key"] for one in found if one["tag"] == "reaction") == "mastodon:n39"


def test_every_query_printed_can_be_run(db: Database, tmp_path: Path) -> None:
    page = text_of(report(db, tmp_path), ".html")
    queries = [unescape(found) for found in re.findall(r"<code>(.*?)</code>", page, re.S)]
    assert len(queries) > 10
    for query in queries:
        assert query.startswith(("select", "with"))
        db.execute(query).fetchall()
    ranked = db.execute(queries[[q.startswith("select * from weekly_chart") for q in queries].index(True)]).fetchall()
    assert len(ranked) == 19


def test_every_chart_says_in_words_what_it_shows(db: Database, tmp_path: Path) -> None:
    page = text_of(report(db, tmp_path), ".html")
    drawings = re.findall(r"<svg[^>]*>", page)
    assert len(drawings) > 5
    identities = re.findall(r'\bid="([^"]+)"', page)
    assert len(identities) == len(set(identities))
    for drawing in drawings:
        assert 'role="img"' in drawing
        (labels,) = re.findall(r'aria-labelledby="([^"]+)"', drawing)
        assert set(labels.split()) <= set(identities)


def test_the_page_fetches_nothing(db: Database, tmp_path: Path) -> None:
    page = text_of(report(db, tmp_path), ".html")
    assert "@import" not in page
    assert "url(" not in page


def test_invented_posts_are_said_to_be_invented(db: Database, tmp_path: Path) -> None:
    demo = report(db, tmp_path / "demo", demo=True)
    for ending in (".html", ".md", ".atom"):
        assert "every post in this report is invented" in text_of(demo, ending)
    assert "invented" not in text_of(report(db, tmp_path / "real"), ".html")


def test_no_cause_is_ever_named(db: Database, tmp_path: Path) -> None:
    page = "".join(Page(text_of(report(db, tmp_path), ".html")).words).lower()
    assert "coincides with a finale (14 nov" in page
    for word in ("because", "due to", "thanks to", "caused", "went viral"):
        assert word not in page


def test_coverage_shows_the_day_that_was_lost(db: Database, tmp_path: Path) -> None:
    found = json.loads(text_of(report(db, tmp_path), ".json"))
    days = {one["platform"]: one["days"] for one in found["platforms"]}
    assert days["tiktok"][2] == 0.0
    assert days["mastodon"] == [1.0] * 7
    assert any(note.startswith("TikTok: ") and "of 7 days covered" in note for note in found["notes"])
    assert "mastodon: 1 of 7 runs failed." in found["notes"]


def test_a_flood_of_few_accounts_is_named(db: Database, tmp_path: Path) -> None:
    assert "concentrated: 100% of posts from 5 accounts" in text_of(report(db, tmp_path), ".html")


def test_posts_and_distinct_posts_are_counted_apart(db: Database, tmp_path: Path) -> None:
    for key in ("youtube:n0", "tiktok:n1", "tiktok:n2", "mastodon:n3"):
        db["copies"].insert({"post": key, "cluster": "youtube:n0", "exact": b"12345678"})
    written = report(db, tmp_path)
    counts = {song: (row["posts"], row["distinct_posts"], row["authors"]) for song, row in chart_of(written).items()}
    assert counts["tide"] == (21, 13, 18)  # of its 14 posts still held, n0 and n3 are copies
    assert counts["snow"] == (
        42,
        25,
        36,
    )  # of 26, n1 and n2; that they are copies of another song's post changes nothing
    assert counts["filler-6"] == (5, None, 5)
    table = {row["song"]: row["distinct_posts"] for row in table_of(written, "chart")}
    assert (table["tide"], table["filler-6"]) == ("13", "")
    assert "21 posts (13 distinct) by 18 authors" in text_of(written, ".atom") + text_of(written, ".html")
    assert ">13 distinct<" in text_of(written, ".html")
    assert re.search(r"\| 21 \| 13 \| 18 \|", text_of(written, ".md"))
    assert re.search(r"\| 5 \| – \| 5 \|", text_of(written, ".md"))


def test_signs_of_a_flood_stand_beside_the_song_and_in_the_notes(db: Database, tmp_path: Path) -> None:
    written = report(db, tmp_path)
    flood = {song: [sign["name"] for sign in row["flood"]] for song, row in chart_of(written).items()}  # type: ignore[attr-defined]
    assert flood["lamp"] == ["few accounts", "regular gaps", "same second"]
    assert {song for song, names in flood.items() if names} == {"lamp", "snow"}  # all of these posts are of full hours
    page = text_of(written, ".html")
    row = page[page.index('<tr id="song-lamp"') :].split("</tr>")[0]
    assert "signs of a flood: 20 posts come from 3 accounts; the posts follow each other every 1.0 hours" in row
    assert "20 posts come from 3 accounts" in text_of(written, ".md").split("## Biggest climbs")[0]
    notes = json.loads(text_of(written, ".json"))["notes"]
    assert any(note.startswith("“A Lamp Left On") and "signs of a flood: 20 posts" in note for note in notes)
    names = {row["song"]: row["flood"] for row in table_of(written, "chart")}
    assert (names["lamp"], names["tide"]) == ("few accounts; regular gaps; same second", "")


def test_hostile_text_in_a_sign_is_only_text(db: Database, tmp_path: Path) -> None:
    db.execute("update posts set language = '<b>|x`' where key like 'youtube:lamp%'")
    for number in range(60):
        add_post(db, f"x:before{number}", "lamp", at=week_start(LAST) - DAY * (number % 20 + 1), language="ko")
    written = report(db, tmp_path)
    assert "in '<b>|x`', usually 0%" in "".join(Page(text_of(written, ".html")).words)
    assert "<b>|x`" not in text_of(written, ".html")
    assert "<b\\>\\|x\\`" in text_of(written, ".md")
    assert not re.search(r"(?<!\\)[<|>`]x", text_of(written, ".md"))


def test_copies_of_one_text_are_one_example(db: Database, tmp_path: Path) -> None:
    plain = json.loads(text_of(report(db, tmp_path / "a"), ".json"))["examples"]
    challenges = [f"tiktok:n{n}" for n in range(2, 40, 4)]
    for key in challenges:
        db["copies"].insert({"post": key, "cluster": "tiktok:n2", "exact": b"12345678"})
    written = report(db, tmp_path / "b")
    found = json.loads(text_of(written, ".json"))["examples"]
    shown = [(one["key"], one["copies"]) for one in found if one["tag"] == "challenge"]
    assert shown == [("mastodon:quote", 0), ("tiktok:n38", 9)]
    assert [one for one in found if one["tag"] != "challenge"] == [one for one in plain if one["tag"] != "challenge"]
    assert "and 9 copies" in text_of(written, ".html")
    assert "and 9 copies" in text_of(written, ".md")
    assert "and 0 copies" not in text_of(written, ".html") + text_of(written, ".md")


def test_sections_hold_the_songs_their_rules_name(db: Database, tmp_path: Path) -> None:
    sections = json.loads(text_of(report(db, tmp_path), ".json"))["sections"]
    assert sections["climbers"] == ["snow", "lamp"]
    assert sections["fallers"] == ["quiet"]
    assert sections["debuts"][0] == "tide"
    assert sections["returns"] == ["lamp"]
    assert sections["re_entries"] == ["evil"]
    assert sections["everywhere"] == ["snow", "tide"]
    assert sections["one_place"] == ["lamp"]
    assert sections["early"] == ["filler-12", "filler-16"]


def test_the_first_week_of_a_record_has_no_debuts(db: Database, tmp_path: Path) -> None:
    written = report(db, tmp_path, "2026-W35")
    assert json.loads(text_of(written, ".json"))["sections"]["debuts"] == []
    assert "First week of the record: every song is new" in text_of(written, ".html")


def test_a_song_that_left_is_told(db: Database, tmp_path: Path) -> None:
    written = report(db, tmp_path, "2026-W44")
    assert chart_of(written)["evil"]["movement"] == "leave"
    assert "leaves the list (no. 3 last week)" in text_of(written, ".html")


def test_the_table_is_as_long_as_asked(db: Database, tmp_path: Path) -> None:
    page = text_of(report(db, tmp_path, top=3), ".html")
    assert page.count('<tr id="song-') == 3
    assert len(table_of(report(db, tmp_path, top=3), "chart")) == 19


def test_a_post_of_the_first_and_the_last_second_belong_to_their_weeks(db: Database, tmp_path: Path) -> None:
    monday = week_start(LAST)
    add_post(db, "x:first", "snow", at=monday, language="vi")
    add_post(db, "x:next", "snow", at=monday + 7 * DAY, language="pl")
    languages = {row["language"]: row["posts"] for row in table_of(report(db, tmp_path), "languages")}
    assert languages["vi"] == "1"
    assert "pl" not in languages
