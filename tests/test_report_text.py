"""Foreign text, links, words and numbers of the report, one at a time."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.korean_time import week_start
from tracker.report.coverage import covered_days
from tracker.report.examples import by_rule
from tracker.report.facts import Near
from tracker.report.plain_text import cell, markdown, plain, safe_link
from tracker.report.week import ReportWeek
from tracker.report.wording import beside, language_name, years_since


@given(st.text(), st.integers(2, 50))
def test_plain_text_is_short_and_has_no_controls(text: str, longest: int) -> None:
    shown = plain(text, longest)
    assert len(shown) <= longest
    assert not any(unicodedata.category(c)[0] == "C" and c not in "\u200c\u200d" for c in shown)
    assert plain(shown, longest) == shown


@pytest.mark.parametrize(
    "text", ["첫눈처럼 너에게 가겠다", "มองเห็นเธอที่นี่", "أغنية المسلسل", "क्या हुआ", "👩\u200d🎤", "バニラ"]
)
def test_real_scripts_pass_unchanged(text: str) -> None:
    assert plain(text) == text


def test_stacked_marks_are_thinned() -> None:
    assert len(plain("a" + "\u0301" * 500)) <= 5


@given(st.text())
def test_escaped_markdown_has_no_bare_sign(text: str) -> None:
    escaped = markdown(text)
    for sign in "`*_[]<>|!":
        assert escaped.count(sign) == escaped.count("\\" + sign)


@pytest.mark.parametrize(
    "url",
    [None, "", "javascript:alert(1)", "data:text/html,x", " https://", "//evil.org/x", "https://a b/", "ftp://e.org",
     "https://user:pw@", "http://[::1", "https://exa\u202emple.org/", "JavaScript:alert(1)//https://e.org", "https://e.org:x/"],
)  # fmt: skip
def test_what_is_no_plain_address_is_no_link(url: str | None) -> None:
    assert safe_link(url) is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/watch?v=a_b-1&t=2#top", "https://example.org/watch?v=a_b-1&t=2#top"),
        ("HTTPS://Example.org:8443/", "https://example.org:8443/"),
        ("https://e.org/노래 \"><script>)('", "https://e.org/%EB%85%B8%EB%9E%98%20%22%3E%3Cscript%3E%29%28%27"),
        ("https://name:word@e.org/", "https://e.org/"),
    ],
)
def test_links_are_kept_and_made_harmless(url: str, shown: str) -> None:
    assert safe_link(url) == shown


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1"])
def test_a_text_cell_that_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert cell(text) == "'" + text


@pytest.mark.parametrize("value", [-1, -0.5, None, "song", ""])
def test_other_cells_stay_as_they_are(value: object) -> None:
    assert cell(value) == value


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "coincides with a stage (9 Nov: n)"),
        (-1, "coincides with a stage (9 Nov: n)"),
        (1, "coincides with a stage (9 Nov: n)"),
        (2, "follows a stage by 2 days (9 Nov: n)"),
    ],
)
def test_how_near_an_event_is_decides_the_words(days: int, words: str) -> None:
    assert beside(Near("2026-11-09", "stage", "n", days)) == words


def test_an_event_of_no_kind_is_an_event() -> None:
    assert beside(Near("2026-11-09", "other", "n", 0)).startswith("coincides with an event")


@pytest.mark.parametrize(
    ("released", "years"),
    [("2016", 9), ("2016-11", 9), ("2016-10", 10), ("2016-11-15", 10), ("2026-11-10", 0), (None, None), ("", None)],
)
def test_age_counts_full_years_and_takes_the_latest_day_of_a_vague_date(
    released: str | None, years: int | None
) -> None:
    assert years_since(released, date(2026, 11, 15)) == years


def test_a_language_without_a_name_shows_its_code() -> None:
    assert language_name("xx") == "xx"
    assert language_name(None) == "not recognised"


def test_examples_of_one_post_or_of_none_with_views() -> None:
    one = {"key": "a", "published_at": "1", "views": None}
    two = {"key": "b", "published_at": "2", "views": 5}
    assert by_rule([]) == []
    assert [(rule, post["key"]) for rule, post in by_rule([one])] == [("newest", "a")]
    assert [(rule, post["key"]) for rule, post in by_rule([one, two])] == [("most viewed", "b"), ("newest", "a")]


def test_an_hour_without_a_line_counts_only_while_the_platform_was_watched() -> None:
    week = ReportWeek(week_start("2026-W46"))
    span = {"platform": "x", "first": "2026-11-09T15:00:00Z", "last": "2026-11-10T14:59:00Z"}
    assert covered_days([], [span], week) == {"x": (0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)}
    half = {"platform": "x", "hour": "2026-11-09T15:00:00Z", "fraction": 0.4}
    assert covered_days([half], [span], week)["x"][1] == pytest.approx(23.4 / 24, abs=1e-4)
