"""Labelling at the keyboard: what each key does, what is asked next, and what comes out of the command."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from fakes import NOW, FakeClock, post
from sqlite_utils import Database

from models.asking import is_set_apart
from models.catalogue import Catalogue
from models.korean_time import iso
from models.post import Post
from tracker.judge import Judge
from tracker.labelling import ENTER, HELP, Session, found_songs, label_posts
from tracker.pipeline import Pipeline
from tracker.sheet import Sheet, marked, sheet_lines
from tracker.store_labels import count_asked, label_of, labels_in_force

SNOW, SHOWER, SWEET = "i-will-go-to-you-like-the-first-snow", "sudden-shower", "sweet-night"
TEXTS = {
    "cover": "오늘 도깨비 OST 첫눈처럼 너에게 가겠다 불러봤어요 (에일리)",
    "listen": "first listen to Sudden Shower by ECLIPSE (Lovely Runner OST), no words left in me",
    "perhaps": "sweet night V, eu 🎻",
    "piano": "Stay With Me (Chanyeol & Punch, Goblin OST) on a piano that has not been tuned since 1994",
    "news": "Gummy's You Are My Everything from Descendants of the Sun is back on the chart this week",
    "guitar": "Aloha - Cho Jung-seok (Hospital Playlist OST) fingerstyle guitar, tab in the comments",
}


@dataclass
class Keys:
    """A keyboard whose keys are known beforehand; a text of several characters answers a question for a line."""

    pressed: Iterable[str]
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rest = iter(self.pressed)

    def key(self) -> str | None:
        return next(self._rest, None)

    def line(self, prompt: str) -> str | None:
        self.asked.append(prompt)
        return next(self._rest, None)


def key_of(name: str, *, apart: bool = False) -> str:
    """An id by which a post belongs to those drawn by lot, or to the others."""
    return next(f"{name}{n}" for n in range(1000) if is_set_apart(f"mastodon:{name}{n}") == apart)


IDS = {name: key_of(name) for name in TEXTS}


@pytest.fixture
def stored(pipeline: Pipeline, db: Database) -> Database:
    """A database with six posts about songs, none of which the lot sets apart."""
    pipeline.take_in([post(IDS[name], text) for name, text in TEXTS.items()], source="mastodon")
    assert db.execute("select count(*) from posts").fetchone() == (6,)
    return db


@pytest.fixture
def session(stored: Database, catalogue: Catalogue, judge: Judge, clock: FakeClock) -> Session:
    """Mina sits down."""
    return Session(stored, catalogue, judge, clock, "mina")


def press(session: Session, *keys: str, most: int | None = None) -> str:
    """What is said while these keys are pressed."""
    said: list[str] = []
    label_posts(session, Keys(keys), said.append, most=most)
    return "\n".join(said)


def again(session: Session, **changed: Any) -> Session:
    """The same person, or another, at another time."""
    by = changed.pop("by", session.by)
    return Session(session.db, session.catalogue, session.judge, session.clock, by, **changed)


def opened(session: Session, name: str) -> Session:
    return again(session, only=f"mastodon:{IDS[name]}")


def said_of(session: Session, name: str) -> tuple[str, tuple[str, ...]] | None:
    label = label_of(session.db, f"mastodon:{IDS[name]}")
    return (label.tag, label.songs) if label else None


def test_enter_accepts_the_tag_and_the_sure_songs(session: Session) -> None:
    said = press(opened(session, "cover"), ENTER)
    assert said_of(session, "cover") == ("cover", (SNOW,))
    assert "stored: cover; I Will Go to You" in said
    press(opened(session, "perhaps"), ENTER)
    assert said_of(session, "perhaps") == ("other", ())


@pytest.mark.parametrize(
    ("key", "tag"), [("c", "cover"), ("e", "edit"), ("h", "challenge"), ("r", "reaction"), ("o", "other")]
)
def test_a_letter_gives_the_tag(session: Session, key: str, tag: str) -> None:
    press(opened(session, "listen"), key)
    assert said_of(session, "listen") == (tag, (SHOWER,))


def test_the_keys_work_while_the_keyboard_is_switched_to_korean(session: Session) -> None:
    press(opened(session, "listen"), "ㄷ")
    assert said_of(session, "listen") == ("edit", (SHOWER,))
    press(opened(session, "listen"), "ㅕ", "ㅂ")
    assert said_of(session, "listen") is None


def test_digits_choose_a_song_and_take_it_back(session: Session) -> None:
    said = press(opened(session, "perhaps"), "1", "c")
    assert " 1 [ ] Sweet Night" in said
    assert " 1 [x] Sweet Night" in said
    assert said_of(session, "perhaps") == ("cover", (SWEET,))
    press(opened(session, "cover"), "1", "1", "1", "r")
    assert said_of(session, "cover") == ("reaction", ())


def test_plus_finds_a_further_song(session: Session) -> None:
    said = press(opened(session, "cover"), "+", "소나기", "1", ENTER)
    assert " 1 Sudden Shower 소나기" in said
    assert said_of(session, "cover") == ("cover", (SNOW, SHOWER))
    press(opened(session, "news"), "+", "no such song", "+", "sudden", "x", "o")
    label = said_of(session, "news")
    assert label is not None
    assert SHOWER not in label[1]


def test_songs_are_found_by_title_id_singer_or_drama(catalogue: Catalogue) -> None:
    assert [song.id for song in found_songs(catalogue, "sudden-shower")] == [SHOWER]
    assert found_songs(catalogue, "첫눈처럼")[0].id == SNOW
    assert found_songs(catalogue, "stay with me")[0].title == "Stay With Me"
    by_drama = found_songs(catalogue, "GOBLIN  ailee")
    assert [song.id for song in by_drama] == [SNOW]
    assert 2 <= len(found_songs(catalogue, "goblin")) <= 9
    assert found_songs(catalogue, "  ?! ") == found_songs(catalogue, "") == []


def test_skipped_posts_come_back_in_another_session_only(session: Session) -> None:
    press(session, *"ssssss")
    assert session.skipped == {f"mastodon:{one}" for one in IDS.values()}
    assert session.next() is None
    assert again(session).next() is not None


def test_no_post_is_asked_about_twice_in_a_session(session: Session) -> None:
    asked = [sheet.post.key for sheet in _first_sheets(session, 50)]
    assert sorted(asked) == sorted(f"mastodon:{one}" for one in IDS.values())


def test_what_is_labelled_is_not_asked_again(session: Session) -> None:
    press(session, ENTER, ENTER, "q")
    assert session.stored == 2
    later = again(session)
    press(later, *[ENTER] * 20)
    assert later.stored == 4
    assert {one.post for one in labels_in_force(session.db)} == {f"mastodon:{one}" for one in IDS.values()}


def test_labels_are_stored_at_once_so_that_quitting_loses_none(session: Session) -> None:
    press(session, "c")
    assert [(one.tag, one.by, one.at, one.picked) for one in labels_in_force(session.db)] == [
        ("cover", "mina", iso(NOW), "useful")
    ]


def test_as_many_as_wished(session: Session) -> None:
    press(session, *[ENTER] * 20, most=2)
    assert session.stored == len(labels_in_force(session.db)) == 2


def test_undo_asks_again_about_the_last_post_and_then_goes_on(session: Session) -> None:
    first, second = (sheet.post.key for sheet in _first_sheets(again(session), 2))
    said = press(session, "c", "u", "e", "r")
    assert f"undone: the label of {first}" in said
    assert [(one.post, one.tag) for one in labels_in_force(session.db)] == [(first, "edit"), (second, "reaction")]
    assert session.stored == 2


def test_undo_reaches_into_an_earlier_session_and_stops_at_the_first_label(session: Session) -> None:
    press(session, "c")
    later = again(session)
    said = press(later, "u", "u", "q")
    assert labels_in_force(session.db) == []
    assert "mina has no label to undo" in said
    assert later.stored == 0


def test_nobody_undoes_the_label_of_another(session: Session) -> None:
    press(session, "c")
    press(again(session, by="ji-ho"), "u", "q")
    assert len(labels_in_force(session.db)) == 1


def test_a_labelled_post_shows_its_label_and_can_be_labelled_again(session: Session) -> None:
    press(opened(session, "listen"), "1", "e")
    said = press(opened(session, "listen"), "1", ENTER)
    assert f"labelled edit by mina at {iso(NOW)}" in said
    assert " 1 [ ] Sudden Shower" in said
    assert said_of(session, "listen") == ("edit", (SHOWER,))
    assert labels_in_force(session.db)[0].picked == "asked"


def test_other_keys_change_nothing(session: Session) -> None:
    said = press(session, "9", "x", "\x1b[A", "12", "", "?", "q")
    assert labels_in_force(session.db) == []
    assert said.count("? prints the keys") == 5
    assert all(line in said for line in HELP)


def test_an_end_of_input_is_an_end(session: Session) -> None:
    press(session)
    press(again(session), "+")
    assert labels_in_force(session.db) == []


def test_a_copy_of_a_labelled_post_is_not_asked_about(session: Session, pipeline: Pipeline) -> None:
    press(session, *[ENTER] * 20)
    pipeline.take_in([post(key_of("copy"), TEXTS["piano"] + " !!"), post(key_of("new"), _NEW)], source="mastodon")
    asked = [sheet.post.key for sheet in _first_sheets(again(session), 5)]
    assert asked == [f"mastodon:{key_of('new')}"]


_NEW = "mon frère massacre Love Story de LYn (Legend of the Blue Sea) au karaoké, je pleure de rire"


def test_one_in_five_is_drawn_by_lot_over_all_sessions(session: Session, pipeline: Pipeline) -> None:
    apart = [key_of(f"lot{n}", apart=True) for n in range(3)]
    pipeline.take_in([post(key, f"{TEXTS['cover']} {key}") for key in apart], source="mastodon")
    for _ in range(6):
        press(again(session), "o", most=1)
    picked = [one.picked for one in labels_in_force(session.db)]
    assert picked == ["useful"] * 4 + ["random", "useful"]
    assert count_asked(session.db) == (6, 1)


def test_when_the_doubtful_are_used_up_the_lot_goes_on(session: Session, pipeline: Pipeline) -> None:
    apart = [key_of(f"lot{n}", apart=True) for n in range(3)]
    pipeline.take_in([post(key, f"{TEXTS['cover']} {key}") for key in apart], source="mastodon")
    press(session, *[ENTER] * 20)
    assert session.stored == 9, "copies are left out of the useful ones alone: the sample must be fair"


def test_doubtful_posts_come_first(session: Session) -> None:
    order = [sheet.post.id for sheet in _first_sheets(session, 6)]
    assert len(order) == 6
    assert order.index(IDS["perhaps"]) < order.index(IDS["cover"])


def _first_sheets(session: Session, most: int) -> list[Sheet]:
    found: list[Sheet] = []
    while len(found) < most and (sheet := session.next()):
        found.append(sheet)
    return found


def lines_of(session: Session, one: Post, **changed: Any) -> list[str]:
    return list(sheet_lines(Sheet(one, "useful", session.judge.judge([one])[0], **changed), session.catalogue))


def test_a_post_is_shown_with_all_that_is_needed_to_judge_it(session: Session) -> None:
    one = Post("youtube", "1", NOW, title=TEXTS["listen"], text="so good", hashtags=("kdrama", "ost"))
    shown = "\n".join(lines_of(session, one))
    assert "youtube · 2026-11-20 12:00 UTC · en" in shown
    assert "│ first listen to «Sudden Shower» by ECLIPSE" in shown
    assert "│ so good" in shown
    assert "│ #kdrama #ost" in shown
    assert "model: reaction " in shown
    for tag in ("cover", "edit", "challenge", "reaction", "other"):
        assert f"{tag} 0." in shown
    assert "1 [x] Sudden Shower 소나기 · ECLIPSE & Byeon Woo-seok · Lovely Runner   sure " in shown
    assert "drama named" in shown or "singer named" in shown


def test_titles_are_marked_however_they_are_written() -> None:
    assert marked("SUDDEN-SHOWER, sudden shower", ["Sudden Shower"]) == "«SUDDEN-SHOWER», «sudden shower»"
    assert marked("소나기를 들으며", ["소나기"]) == "«소나기»를 들으며"
    assert marked("staying power", ["stay"]) == "staying power"
    assert marked("a.*b", ["?", ""]) == "a.*b"


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b[2J\x1b]0;owned\x07",
        "\u202egnp.exe",
        "\nmodel: cover 1.00\n 1 [x] Not a song of ours",
        "\r\x08\x08\x08",
        "« 1 [x] »" * 500,
        "😭" * 20_000,
        "\n" * 5_000,
    ],
)
def test_hostile_text_is_only_text(
    session: Session, capsys: pytest.CaptureFixture[str], pipeline: Pipeline, hostile: str
) -> None:
    from tracker.terminal import say

    one = post(key_of("hostile"), f"{TEXTS['cover']} {hostile} end")
    pipeline.take_in([one], source="mastodon")
    label_posts(again(session, only=one.key), Keys([ENTER]), say)
    shown = capsys.readouterr().out
    assert len(shown) < 6_000
    assert not set(shown) & {"\x1b", "\x07", "\x08", "\r", "\u202e"}
    ours = [line for line in shown.splitlines() if not line.startswith("│")]
    assert not any("Not a song of ours" in line or "cover 1.00" in line.split("(")[0] for line in ours if line)
    assert label_of(session.db, one.key) is not None
