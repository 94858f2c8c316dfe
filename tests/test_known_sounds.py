"""A platform's sound that is known to be a song says without words what a post uses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.catalogue import Catalogue, CatalogueError, Source, load_catalogue
from models.linking.linker import Linker
from models.post import Post

OWN = """
[[sound]]
platform = "tiktok"
id = "7123"
song = "my-love-lee-hi"
note = "the official sound"
"""


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker(load_catalogue([Source("own.toml", OWN)]))


def post(text: str, sound: str | None = "7123", platform: str = "tiktok") -> Post:
    return Post(platform, "1", datetime(2025, 9, 1, tzinfo=UTC), text=text, sound=sound)


def test_a_known_sound_links_a_post_without_words(linker: Linker) -> None:
    (link,) = linker.link(post("🥲 #fyp")).sure
    assert link.song == "my-love-lee-hi"
    assert [piece.name for piece in link.evidence] == ["prior", "sound known"]
    assert link.evidence[1].words == "7123"


@pytest.mark.parametrize(("sound", "platform"), [(None, "tiktok"), ("999", "tiktok"), ("7123", "instagram")])
def test_other_sounds_say_nothing(linker: Linker, sound: str | None, platform: str) -> None:
    assert linker.link(post("🥲 #fyp", sound, platform)).sure == ()


def test_a_known_sound_tells_twins_apart(linker: Linker) -> None:
    assert [link.song for link in linker.link(post("My Love 🥲 #kdrama #ost")).sure] == ["my-love-lee-hi"]


def test_words_and_sound_may_name_different_songs(linker: Linker) -> None:
    links = linker.link(post("Crush - Beautiful (Goblin OST) cover"))
    assert {link.song for link in links.sure} == {"my-love-lee-hi", "beautiful-crush"}


def test_a_later_file_corrects_a_sound() -> None:
    other = OWN.replace("my-love-lee-hi", "stay-with-me")
    catalogue = load_catalogue([Source("own.toml", OWN), Source("later.toml", other)])
    assert catalogue.song_of_sound("tiktok", "7123") == "stay-with-me"


def test_sounds_change_the_version_of_the_catalogue(catalogue: Catalogue) -> None:
    assert load_catalogue([Source("own.toml", OWN)]).version != catalogue.version


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (OWN.replace("my-love-lee-hi", "tea"), "sound '7123' of tiktok: song: there is no song 'tea'"),
        (OWN.replace('id = "7123"', 'id = ""'), "own.toml: sound ''"),
        (OWN.replace('platform = "tiktok"', ""), "own.toml: sound '7123': platform"),
    ],
)
def test_a_sound_that_cannot_be_is_refused(text: str, message: str) -> None:
    with pytest.raises(CatalogueError, match=message):
        load_catalogue([Source("own.toml", text)])
