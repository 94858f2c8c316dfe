from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from models.catalogue import Catalogue, CatalogueError, Source, load_catalogue, read_catalogue

SMALL = """
[[drama]]
id = "moon-bakery"
title = "Moon Bakery"
aliases = ["달빛 빵집"]
first_aired = "2026-06-01"
last_aired = "2026-07-21"

[[artist]]
id = "han-sol"
name = "Han Sol"
kind = "soloist"

[[song]]
id = "warm-bread"
title = "Warm Bread"
hangul = "따뜻한 빵"
drama = "moon-bakery"
artists = ["han-sol"]
released = "2026-06"
"""


def read(text: str) -> Catalogue:
    return read_catalogue([Source("mine.toml", text)])


def test_the_packaged_catalogue_holds_what_it_promises(catalogue: Catalogue) -> None:
    assert (len(catalogue.songs), len(catalogue.dramas), len(catalogue.artists)) == (202, 84, 173)
    assert len(catalogue.events) == 43


def test_every_full_release_date_lies_near_the_airing_of_its_drama(catalogue: Catalogue) -> None:
    far = [
        song.id
        for song in catalogue.songs.values()
        if song.released and len(song.released) == 10 and not _near(catalogue, song.drama, song.released)
    ]
    assert far == ["i-miss-you-kim-bum-soo"]  # a single of 2002 that a drama of 2003 used again


def _near(catalogue: Catalogue, drama: str, released: str) -> bool:
    shown = catalogue.dramas[drama]
    if shown.first_aired is None or shown.last_aired is None:
        return True
    first, last = date.fromisoformat(shown.first_aired), date.fromisoformat(shown.last_aired)
    return first - timedelta(days=30) <= date.fromisoformat(released) <= last + timedelta(days=15)


def test_corrections_of_common_claims_hold(catalogue: Catalogue) -> None:
    songs = catalogue.songs
    assert songs["in-your-time"].language == "ko"
    assert songs["sweet-night"].language == "en"
    assert "Start" in songs["start-over"].aliases
    assert songs["sudden-shower"].artists == ("eclipse", "byeon-woo-seok")
    assert songs["its-definitely-you"].artists == ("v", "jin")


def test_a_user_adds_a_song_and_overrides_another() -> None:
    mine = '\n[[song]]\nid = "sweet-night"\npart = "Part 12 (corrected)"\n'
    catalogue = load_catalogue([Source("mine.toml", SMALL + mine)])
    assert len(catalogue.songs) == 203
    assert catalogue.songs["sweet-night"].part == "Part 12 (corrected)"
    assert catalogue.songs["sweet-night"].drama == "itaewon-class"
    assert catalogue.version != load_catalogue().version


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('drama = "moon-bakery"', 'drama = "moon-bakry"'), r"mine.toml: song 'warm-bread': drama: .*'moon-bakry'"),
        (('artists = ["han-sol"]', 'artists = ["hansol"]'), r"mine.toml: song 'warm-bread': artists: .*'hansol'"),
        (('released = "2026-06"', 'released = "June"'), r"mine.toml: song 'warm-bread': released"),
        (('released = "2026-06"', 'relased = "2026-06"'), r"mine.toml: song 'warm-bread': relased"),
        (('last_aired = "2026-07-21"', 'last_aired = "2026-05-21"'), r"mine.toml: drama 'moon-bakery': last_aired"),
        (('id = "han-sol"', 'id = "Han Sol"'), r"mine.toml: artist 'Han Sol': id"),
        (('aliases = ["달빛 빵집"]', 'aliases = ["달빛", "달빛"]'), r"mine.toml: drama 'moon-bakery': aliases: '달빛'"),
        (('kind = "soloist"', 'kind = "singer"'), r"mine.toml: artist 'han-sol': kind"),
        (("[[artist]]", "[[artist]"), r"mine.toml: .*line 9"),
    ],
)
def test_an_error_names_file_and_entry(change: tuple[str, str], named: str) -> None:
    with pytest.raises(CatalogueError, match=named):
        read(SMALL.replace(*change))


def test_an_id_may_stand_only_once_in_a_file() -> None:
    with pytest.raises(CatalogueError, match="'warm-bread': stands there twice"):
        read(SMALL + SMALL[SMALL.index("[[song]]") :])


def test_an_event_names_one_known_subject() -> None:
    event = '\n[[event]]\ndate = "2026-06-09"\ndrama = "moon-bakery"\nkind = "scene"\nnote = "ending scene"\n'
    assert read(SMALL + event).events[0].subject == "moon-bakery"
    with pytest.raises(CatalogueError, match="no song, drama or artist 'moon-bake'"):
        read(SMALL + event.replace("moon-bakery", "moon-bake"))


def test_the_reserve_merges_by_id(shared: Path) -> None:
    reserve = Source("reserve.toml", (shared / "catalogue" / "reserve.toml").read_text("utf-8"))
    assert len(load_catalogue([reserve]).songs) == 202 + 84
