"""The page "how good are the tags": in the docs, in the explorer, and as it is written figure by figure."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from explorer_database import empty_database
from explorer_database import page as visit
from test_explorer_home import Outline

from models.evaluation.recorded import packaged
from tracker.explorer import quality
from tracker.quality.blocks import Section, Table, plain, rate, table
from tracker.quality.markdown import markdown
from tracker.quality.page import page


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    answer = visit(empty_database(tmp_path_factory.mktemp("quality") / "ostpulse.db"), "/-/quality")
    assert answer.status_code == 200
    return answer.text


def test_the_page_of_the_docs_is_what_the_packaged_figures_give() -> None:
    written = (ROOT / "docs/quality.md").read_text("utf-8")
    assert written == markdown(page(packaged())), "run `python -m tracker.quality docs/quality.md`"


def test_the_page_names_each_set_with_its_date_size_checksum_and_versions() -> None:
    written = markdown(page(packaged()))
    assert list(packaged()) != []
    for name, entry in packaged().items():
        assert f"## {name}\n" in written
        for fact in (entry["date"], f"{entry['posts']} posts", entry["checksum"], *entry["versions"].values()):
            assert fact in written
    assert written.count("The keyword rule: ") == sum(
        entry[kind] is not None for entry in packaged().values() for kind in ("tags", "links")
    )


def test_the_page_has_a_row_for_every_tag_language_and_platform_and_marks_the_small_ones() -> None:
    sections = {section.title: section for section in page(packaged())}
    for name, entry in packaged().items():
        tables = [block for block in sections[name].blocks if isinstance(block, Table)]
        rows = {row for one in tables for row in one.rows}
        for kind in ("tags", "links"):
            for key in ("languages", "platforms"):
                for group, figures in (entry[kind] or {}).get(key, {}).items():
                    found = [row for row in rows if row[0] == group and row[1] == figures["posts"]]
                    assert found, (name, key, group)
                    assert {row[2] for row in found} == {"too few" if figures["posts"] < 30 else ""}


def test_the_explorer_shows_the_same_words_and_figures(text: str) -> None:
    plain_text = " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())
    for section in page(packaged()):
        for block in section.blocks:
            if isinstance(block, str):
                said = [" ".join(re.sub(r"`|\*\*", " ", block).split())]
            else:
                said = [block.caption, *(" ".join(" ".join(map(str, row)).split()) for row in block.rows)]
            for words in said:
                assert words in plain_text


def test_the_explorer_s_page_is_sound_for_screen_readers(text: str) -> None:
    outline = Outline()
    outline.feed(text)
    assert outline.headings.count(1) == 1
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.referred) <= set(outline.ids)
    assert (
        outline.tables
        == outline.captions
        == sum(isinstance(block, Table) for section in page(packaged()) for block in section.blocks)
    )
    assert text.count('class="scrolls" tabindex="0" role="region" aria-label="') == outline.tables


def test_the_home_page_s_footer_leads_there(tmp_path: Path) -> None:
    footer = visit(empty_database(tmp_path / "ostpulse.db"), "/").text.split("<footer")[1]
    assert '<a href="/-/quality">' in footer


def test_a_hostile_name_stays_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "<script>alert(1)</script>|`x`"
    sections = (Section(hostile, (hostile, table(hostile, (hostile, ""), [(hostile, 1)]))),)
    monkeypatch.setattr(quality, "page", lambda _: sections)
    shown = visit(empty_database(tmp_path / "ostpulse.db"), "/-/quality").text
    assert "<script>alert" not in shown
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5
    row = markdown(sections).splitlines()[-1]
    assert row == "| &lt;script>alert(1)&lt;/script>\\|`x` | 1 |"


@pytest.mark.parametrize(
    ("value", "interval", "shown"),
    [
        (0.8549, [0.8, 0.8949], ".85 [.80-.89]"),
        (1.0, [0.7719, 1.0], "1.00 [.77-1.00]"),
        (0.0, [0.0, 0.0138], ".00 [.00-.01]"),
        (None, None, "-"),
    ],
)
def test_a_rate_is_written_with_its_interval_beside_it(value: Any, interval: Any, shown: str) -> None:
    assert rate({"f1": value, "f1_interval": interval}, "f1") == shown


def test_other_figures_are_written_alike() -> None:
    assert (plain(0.0504, 3), plain(1.25, 3), plain(None)) == (".050", "1.250", "-")
