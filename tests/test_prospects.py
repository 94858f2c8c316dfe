"""What is left out for speed changes no link: the quick looks ahead against weighing everything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.catalogue import Catalogue
from models.linking import run_together
from models.linking.link_corpus import packaged_link_corpus
from models.linking.linker import Linker, Links
from models.linking.prospects import Prospects
from models.linking.reading import Reader
from models.post import Post

WAYS = ("{}", '"{}" ost', "a cover of {} and more", "그냥 {} 노래", "#{} #ost edit")
"""Posts that name neither singer nor drama, so that all depends on the title."""


@pytest.fixture(scope="module")
def posts(catalogue: Catalogue) -> list[Post]:
    labelled = [one.post for one in packaged_link_corpus(catalogue.songs)]
    titles = [title for song in catalogue.songs.values() for title in (song.title, song.hangul) if title]
    return labelled + [replace(labelled[0], text=way.format(title)) for title in titles for way in WAYS]


@pytest.fixture(scope="module")
def usual(catalogue: Catalogue, posts: list[Post]) -> list[Links]:
    return list(map(Linker(catalogue).link, posts))


def test_songs_that_are_not_weighed_would_have_been_no_links(
    catalogue: Catalogue, posts: list[Post], usual: list[Links], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reader, "_worthwhile", lambda *_: True)
    monkeypatch.setattr(Prospects, "_may_come_to_something", lambda *_: True)
    assert list(map(Linker(catalogue).link, posts)) == usual


def test_hashtags_that_are_not_cut_could_not_have_been(
    catalogue: Catalogue, posts: list[Post], usual: list[Links], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_together, "_coverable", lambda *_: True)
    assert list(map(Linker(catalogue).link, posts)) == usual
