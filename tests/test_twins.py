"""Songs of the catalogue that share a title are told apart by their singer or their drama, all of them."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

import pytest

from models.catalogue import Catalogue, Song, load_catalogue
from models.linking.linker import Linker
from models.post import Post
from models.text import squashed


def twins(catalogue: Catalogue) -> list[tuple[str, list[Song]]]:
    """Titles that several songs share, with these."""
    songs: dict[str, dict[str, tuple[str, Song]]] = defaultdict(dict)
    for song in catalogue.songs.values():
        for title in filter(None, (song.title, song.hangul)):
            songs[squashed(title)].setdefault(song.id, (title, song))
    shared = [list(found.values()) for found in songs.values() if len(found) > 1]
    return [(found[0][0], [song for _, song in found]) for found in shared]


TWINS = twins(load_catalogue())


@pytest.fixture(scope="module")
def linker(catalogue: Catalogue) -> Linker:
    return Linker(catalogue)


def sure(linker: Linker, text: str) -> set[str]:
    return {link.song for link in linker.link(Post("x", "1", datetime(2026, 9, 1, tzinfo=UTC), text=text)).sure}


def test_the_catalogue_holds_at_least_thirteen_shared_titles() -> None:
    assert len(TWINS) >= 13


@pytest.mark.parametrize(("title", "songs"), TWINS, ids=[title for title, _ in TWINS])
def test_singer_and_drama_settle_which_twin_is_meant(
    linker: Linker, catalogue: Catalogue, title: str, songs: list[Song]
) -> None:
    for song in songs:
        by = "".join(f"{catalogue.artists[artist].name} - " for artist in song.artists[:1])
        assert sure(linker, f"{by}{title} ({catalogue.dramas[song.drama].title} OST) cover") == {song.id}


@pytest.mark.parametrize(("title", "songs"), TWINS, ids=[title for title, _ in TWINS])
def test_ost_alone_settles_nothing(linker: Linker, title: str, songs: list[Song]) -> None:
    assert sure(linker, f'"{title}" OST cover, vocal practice') == set()


@pytest.mark.parametrize(("title", "songs"), TWINS, ids=[title for title, _ in TWINS])
def test_the_drama_settles_twins_of_different_dramas(
    linker: Linker, catalogue: Catalogue, title: str, songs: list[Song]
) -> None:
    for song in songs:
        if [other.drama for other in songs].count(song.drama) == 1:
            found = sure(linker, f"{catalogue.dramas[song.drama].title} OST '{title}' on the piano")
            assert found <= {song.id}
