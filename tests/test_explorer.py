"""Every page of the explorer opens, says what it shows, and names nothing that does not exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from explorer_database import empty_database, example_database, page, pages
from sqlite_utils import Database

from tracker.explorer.metadata import metadata, packaged_queries, packaged_tables, write_metadata

SHADOWS = re.compile(r"posts_fts(_\w+)?|sqlite_\w+")
"""Full-text tables and SQLite's own: hidden by Datasette itself."""

PARAMETERS = {
    "this_week": ["week=2026-W47", "week=nonsense"],
    "search": ["q=사랑", "q=rain+letter", 'q="*%25_\\', "q=;drop", "q=" + "가" * 500],
    "timeline_of_a_song": ["song=old-harbour", "song=비의+편지", "song=RAIN+letter", "song=nobody"],
    "two_lists_of_the_week": ["week=2026-W47", "week=x"],
    "one_platform": ["share=50", "share=much"],
    "first_covers": ["song=moon-ferry", "song=nobody"],
    "top_covers": ["week=2026-W48&by=shares", "by=likes", "week=2020-W01"],
    "one_author": ["week=2026-W48", "week=x"],
    "returns_of_classics": [],
    "posts_to_review": ["days=1", "days=-1", "days=x"],
    "alerts_of_the_month": [],
    "source_gaps": ["below=100", "below=x"],
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example_database(tmp_path_factory.mktemp("explorer") / "ostpulse.db")


def rows(database: Path, query: str, arguments: str = "") -> list[dict[str, object]]:
    answer = page(database, f"/ostpulse/{query}.json?_shape=array&{arguments}")
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def test_metadata_describes_every_table_view_and_column_and_nothing_else(database: Path) -> None:
    db = Database(database)
    names = {name for name in db.table_names() + db.view_names() if not SHADOWS.fullmatch(name)}
    described = packaged_tables()
    assert set(described) == names
    for name, table in described.items():
        columns = set(db[name].columns_dict)
        if name != "_sqlite_migrations":
            assert set(table["columns"]) == columns, name
        used = [
            *table.get("facets", []),
            *(table[key] for key in ("sort_desc", "sort", "label_column") if key in table),
        ]
        assert set(used) <= columns, name
        assert table["title"]
        assert table["description"]
    db.close()


def test_every_page_opens(database: Path) -> None:
    addresses = ["/", "/ostpulse", *(f"/ostpulse/{name}" for name in (*packaged_tables(), *packaged_queries()))]
    for address, answer in zip(addresses, pages(database, *addresses), strict=True):
        assert answer.status_code == 200, address
        assert 'class="message-error"' not in answer.text, address
        assert '<html lang="en">' in answer.text


@pytest.mark.parametrize("query", packaged_queries())
def test_canned_query_answers_with_and_without_parameters(database: Path, query: str) -> None:
    for arguments in ("", *PARAMETERS[query]):
        answer = page(database, f"/ostpulse/{query}?{arguments}")
        assert answer.status_code == 200, (query, arguments, re.findall(r"message-error[^>]*>([^<]*)", answer.text))
        assert packaged_queries()[query]["title"].replace("'", "&#39;") in answer.text


def test_every_page_opens_on_an_empty_database(tmp_path: Path) -> None:
    empty = empty_database(tmp_path / "ostpulse.db")
    addresses = ["/", "/ostpulse", *(f"/ostpulse/{name}" for name in (*packaged_tables(), *packaged_queries()))]
    assert {answer.status_code for answer in pages(empty, *addresses)} == {200}


def test_queries_carry_title_description_and_folded_sql() -> None:
    assert len(packaged_queries()) >= 10
    for name, query in packaged_queries().items():
        assert query["title"], name
        assert query["description"].endswith("."), name
        assert query["hide_sql"] is True
        assert set(query.get("params", [])) == set(re.findall(r":([a-z]\w*)", re.sub(r"'[^']*'", "", query["sql"])))


def test_this_week_names_the_last_closed_week_in_order_of_rank(database: Path) -> None:
    chart = rows(database, "this_week")
    assert [row["rank"] for row in chart] == [1, 2, 3, 4, 5]
    assert {row["week"] for row in chart} == {"2026-W48"}
    assert (chart[0]["title"], chart[0]["hangul"], chart[0]["artists"]) == ("Rain Letter", "비의 편지", "Yoon Sera")
    assert len(str(chart[0]["spark"]).split(",")) == 28
    assert {row["week"] for row in rows(database, "this_week", "week=2026-W47")} == {"2026-W47"}


def test_search_finds_hangul_by_prefix_and_songs_by_either_script(database: Path) -> None:
    assert {row["kind"] for row in rows(database, "search", "q=사랑")} == {"post"}
    assert [row["id"] for row in rows(database, "search", "q=항구") if row["kind"] != "post"] == [
        "old-harbour", "harbour-lights",
    ]  # fmt: skip
    assert "rain-letter" in [row["id"] for row in rows(database, "search", "q=pyeonji")]
    assert [row["id"] for row in rows(database, "search", "q=윤세라")] == ["yoon-sera"]
    assert rows(database, "search", "q=") == []
    assert rows(database, "search", "q=100%25") == []


def test_posts_page_searches_hangul_by_prefix(database: Path) -> None:
    found = page(database, "/ostpulse/posts.json?_search=사랑*&_shape=array&_size=max").json()
    assert len(found) == 80


def test_one_platform_lists_only_the_song_that_lives_on_one(database: Path) -> None:
    assert [(row["song"], row["platform"], row["share_percent"]) for row in rows(database, "one_platform")] == [
        ("moon-ferry", "tiktok", 100)
    ]


def test_one_author_puts_the_most_concentrated_first(database: Path) -> None:
    shares = rows(database, "one_author")
    assert (shares[0]["song"], shares[0]["posts"], shares[0]["posts_of_one"], shares[0]["authors"]) == (
        "stay",
        12,
        12,
        1,
    )


def test_first_covers_gives_one_row_a_language_oldest_first(database: Path) -> None:
    covers = rows(database, "first_covers", "song=rain-letter")
    languages = [row["language"] for row in covers]
    assert len(languages) == len(set(languages)) > 3
    assert [row["first_cover"] for row in covers] == sorted(str(row["first_cover"]) for row in covers)


def test_top_covers_are_covers_by_the_count_asked_for_and_unknown_counts_come_last(database: Path) -> None:
    for by in ("views", "shares"):
        counts = [row[by] for row in rows(database, "top_covers", f"by={by}")]
        known = [count for count in counts if count is not None]
        assert known == sorted(known, reverse=True)
        assert counts == known + [None] * (len(counts) - len(known))
        assert None in counts


def test_returns_of_classics_leaves_out_the_new_release(database: Path) -> None:
    assert [row["song"] for row in rows(database, "returns_of_classics")] == ["old-harbour"]


def test_alerts_and_gaps_count_from_the_last_scored_hour(database: Path) -> None:
    assert [row["standing"] for row in rows(database, "alerts_of_the_month")] == [
        "confirmed", "not confirmed", "withdrawn", "confirmed",
    ]  # fmt: skip
    gaps = rows(database, "source_gaps")
    assert {row["platform"] for row in gaps} == {"youtube"}
    assert sum(int(str(row["hours_below"])) for row in gaps) == 5


def test_posts_to_review_shows_the_unsure_link_with_its_evidence(database: Path) -> None:
    assert [(row["post"], row["song"], row["confidence"]) for row in rows(database, "posts_to_review")] == [
        ("x:h/1", "rain-letter", 0.41)
    ]


def test_metadata_file_is_what_plain_datasette_reads(tmp_path: Path) -> None:
    write_metadata(tmp_path / "metadata.json", "mine", demo=True)
    written = json.loads((tmp_path / "metadata.json").read_text("utf-8"))
    assert written == metadata("mine", demo=True)
    assert "invented" in written["databases"]["mine"]["queries"]["this_week"]["description"]
    assert "Demo:" not in json.dumps(metadata("mine"))


def test_foreign_keys_read_as_names(database: Path) -> None:
    assert '<a href="/ostpulse/songs/rain-letter">Rain Letter</a>' in page(database, "/ostpulse/alerts").text
