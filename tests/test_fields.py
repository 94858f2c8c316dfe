"""Fields, words and times taken out of answers that nobody vouches for."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.fields import dig, hashtags, needed, tally, utc, web_address, words
from collectors.html_text import text_of_html
from models.post import BadPost


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (0, 0),
        (12, 12),
        ("12", 12),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        (-1, None),
        ("-1", None),
        ("1,234", None),
        ("1.2M", None),
        ("١٢", None),
        (True, None),
        (1.5, None),
        (float("nan"), None),
        (None, None),
        ("9" * 5_000, None),
    ],
)
def test_a_count_is_what_is_stated_or_not_stated(value: Any, count: int | None) -> None:
    assert tally(value) == count


@pytest.mark.parametrize(
    "text",
    ["2026-11-20T10:00:00Z", "2026-11-20T10:00:00.123456789Z", "2026-11-20T19:00:00+09:00", "2026-11-20T10:00:00"],
)
def test_a_time_is_utc_also_without_a_zone(text: str) -> None:
    assert utc(text, "published").replace(microsecond=0) == datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize("text", ["soon", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "57742-01-01"])
def test_what_is_no_time_is_named(text: str) -> None:
    with pytest.raises(BadPost, match=r"^published: "):
        utc(text, "published")


def test_a_path_into_anything_ends_in_none() -> None:
    record = {"a": {"b": " x "}, "c": [1]}
    assert (dig(record, "a", "b"), words(record, "a", "b"), needed(record, "a", "b")) == (" x ", " x ", "x")
    assert dig(record, "c", "b") is dig(None, "a") is dig("text", "a") is words(record, "c") is None
    with pytest.raises(BadPost, match=r"^a\.z: is missing$"):
        needed(record, "a", "z")


def test_hashtags_are_found_where_a_reader_sees_them() -> None:
    text = "#도깨비 #OST, #OST ＃歌ってみた a#b https://x.example/#frag &#39; # #"
    assert hashtags(text, None, "#눈꽃") == ("도깨비", "OST", "歌ってみた", "눈꽃")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" https://a.example/x?y#z ", "https://a.example/x?y#z"),
        ("javascript:alert(1)", None),
        ("https://a b", None),
        ('https://a/"onclick', None),
        ("https://a/" + "x" * 2000, None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_addresses(text: str | None, address: str | None) -> None:
    assert web_address(text) == address


# --- HTML ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one<br>two<br />three</p><p>four</p>", "one\ntwo\nthree\nfour"),
        ('<a href="x">#<span>드라마OST</span></a>', "#드라마OST"),
        ('<span class="invisible">https://www.</span><span>a.example</span>', "https://www.a.example"),
        ("Tom &amp; Jerry &lt;3&#39;", "Tom & Jerry <3'"),
        ("soft\nwrap   here", "soft wrap here"),
        ("<p>one</p>two<ul><li>a</li><li>b</li></ul>", "one\ntwo\na\nb"),
        ("<script>evil()</script><style>x{}</style><!-- note -->words", "words"),
        ("postcard.html", "postcard.html"),
        ("https://a.example/", "https://a.example/"),
        ("<p> </p>", None),
        ("", None),
        (None, None),
    ],
)
def test_html_becomes_the_words_a_reader_sees(html: str | None, text: str | None) -> None:
    assert text_of_html(html) == text


def test_only_one_part_of_the_html_can_be_asked_for() -> None:
    html = '<div class="md"><p>words</p></div> submitted by /u/somebody'
    assert text_of_html(html, only="div.md") == "words"
    assert text_of_html("submitted by /u/somebody", only="div.md") is None


@given(st.text(alphabet=st.sampled_from("<>/&;#!-\"'=pbr div\n도"), max_size=200))
def test_no_html_breaks_the_reading(html: str) -> None:
    text = text_of_html(html)
    assert text is None or text == text.strip() != ""


@pytest.mark.parametrize("piece", ["<p>", "<b>", "<div ", "<br>", "<", "&", "<!--", '<a x="'])
def test_hostile_html_does_not_take_long(piece: str) -> None:
    began = time.monotonic()
    text_of_html(piece * 200_000)
    assert time.monotonic() - began < 5
