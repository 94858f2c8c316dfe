"""Asking a person about posts: which one next, what each key does, and what is stored of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Protocol

from sqlite_utils import Database

from models.asking import ASKED, Candidate, Pick, Told, by_lot, distinct, is_set_apart, queue, spread
from models.catalogue import Catalogue, Song
from models.korean_time import iso
from models.post import Post
from models.text import squashed
from tracker.judge import Judge, text_of
from tracker.sheet import MOST_NUMBERED, Sheet, named, sheet_lines, song_lines
from tracker.store_labels import (
    StoredLabel,
    clusters_of,
    count_asked,
    label_of,
    labels_in_force,
    save_label,
    undo_label,
    unlabelled,
)
from tracker.store_posts import stored_posts

POOL = 400
"""So many posts about which the models doubted are judged anew and sorted again, before any is asked about."""

REMEMBERED = 2_000
"""Labels given last that a new question is compared with."""

TAG_KEYS = {"c": "cover", "e": "edit", "h": "challenge", "r": "reaction", "o": "other"}
ENTER = "\n"
DIGITS = tuple("123456789")
HELP = (
    "Enter  accept the tag and the songs marked [x]",
    "c e h r o  the post is a cover, edit, challenge (h), reaction or something other; accept the songs marked [x]",
    "1-9    choose a song, or take it back",
    "+      name a further song by part of its title, singer, drama or id",
    "s      skip this post for now",
    "u      undo the last label, also one of an earlier session",
    "?      these keys",
    "q      quit; everything is stored already",
)
_HANGUL_KEYS = dict(zip("ㅊㄷㅗㄱㅐㄴㅕㅂ", "cehrosuq", strict=True))
"""What the same keys give while the keyboard is switched to Korean."""


class Keyboard(Protocol):
    """Where answers come from; both give None when no more will come."""

    def key(self) -> str | None:
        """The next key: one character, ENTER for the return key."""

    def line(self, prompt: str) -> str | None:
        """A line of text."""


def questions(db: Database, judge: Judge, but: Collection[str]) -> Iterator[Pick]:
    """The posts to ask about, in order, but for those in `but`; ends when all others are labelled or copies.

    Doubt goes by the stored figures first, then by those of `judge`: weights fitted since then doubt elsewhere.
    """
    while picks := _round(db, judge, but):
        yield from picks


def _round(db: Database, judge: Judge, but: Collection[str]) -> list[Pick]:
    waiting = [one for one in unlabelled(db) if one.key not in but]
    doubted = spread(one for one in waiting if not is_set_apart(one.key))
    pool = list(islice(distinct(doubted, lambda key: _words(stored_posts(db, [key])[key]), _told(db)), POOL))
    useful = [one.key for one in spread(_judged_anew(db, judge, pool))]
    asked, asked_by_lot = count_asked(db)
    return list(queue(useful, by_lot(waiting)[:POOL], asked=asked, asked_by_lot=asked_by_lot))


def _told(db: Database) -> Told:
    """What was asked about before."""
    keys = [label.post for label in labels_in_force(db)[-REMEMBERED:]]
    clusters = clusters_of(db, keys)
    told = Told()
    for key, post in stored_posts(db, keys).items():
        told.add(_words(post), clusters.get(key))
    return told


def _judged_anew(db: Database, judge: Judge, pool: list[Candidate]) -> Iterator[Candidate]:
    posts = stored_posts(db, [one.key for one in pool])
    for one, said in zip(pool, judge.judge([posts[one.key] for one in pool]), strict=True):
        links = tuple(link.confidence for link in (*said.links.sure, *said.links.possible))
        yield Candidate(one.key, said.language or "", said.tagged.probabilities, links, one.cluster)


def _words(post: Post) -> str:
    return " ".join([text_of(post), *(f"#{tag}" for tag in post.hashtags)])


def found_songs(catalogue: Catalogue, words: str) -> list[Song]:
    """The songs in whose titles, id, singers or drama all `words` occur, closest titles first; at most nine."""
    wanted = [bare for word in words.split() if (bare := squashed(word))]
    if not wanted:
        return []
    whole = squashed(words)
    ranked = []
    for song in catalogue.songs.values():
        drama = catalogue.dramas[song.drama]
        singers = [catalogue.artists[artist] for artist in song.artists]
        titles = [squashed(name) for name in (song.id, song.title, song.hangul or "", *song.aliases)]
        others = [drama.title, *drama.aliases, *(name for one in singers for name in (one.name, *one.aliases))]
        held = " ".join([*titles, *map(squashed, others)])
        if all(word in held for word in wanted):
            rank = min(0 if title == whole else 1 if title.startswith(whole) else 2 for title in titles)
            ranked.append((rank, song.id, song))
    return [song for _, _, song in sorted(ranked, key=lambda entry: entry[:2])[:MOST_NUMBERED]]


@dataclass
class Session:
    """One person's questions and answers: each label is stored at once, and no post is asked about twice.

    With `only`, `undo` takes back labels of that post alone.
    """

    db: Database
    catalogue: Catalogue
    judge: Judge
    clock: Callable[[], datetime]
    by: str
    only: str | None = None
    picks: Iterator[Pick] = field(init=False)
    stored: int = 0
    asked: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    _back: list[Pick] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.picks = iter([Pick(self.only, ASKED)]) if self.only else questions(self.db, self.judge, self.asked)

    def next(self) -> Sheet | None:
        """The next post to ask about, or None."""
        pick = self._back.pop() if self._back else next(self.picks, None)
        if pick is None:
            return None
        self.asked.add(pick.key)
        return self._sheet(pick)

    def _sheet(self, pick: Pick) -> Sheet:
        post = stored_posts(self.db, [pick.key])[pick.key]
        return Sheet(post, pick.picked, self.judge.judge([post])[0], label_of(self.db, pick.key))

    def store(self, sheet: Sheet, tag: str) -> None:
        """Store `tag` and the chosen songs as what this person says of the post."""
        label = StoredLabel(sheet.post.key, tag, sheet.songs, self.by, iso(self.clock()), sheet.picked)
        save_label(self.db, label)
        self.skipped.discard(sheet.post.key)
        self.stored += 1

    def skip(self, sheet: Sheet) -> None:
        """Leave a post for another session."""
        self.skipped.add(sheet.post.key)
        self.asked.add(sheet.post.key)

    def undo(self, sheet: Sheet) -> Sheet | None:
        """Take back this person's last label and ask about its post again, then about `sheet`; None without one."""
        label = undo_label(self.db, by=self.by, now=self.clock(), post=self.only)
        if label is None:
            return None
        self.stored = max(0, self.stored - 1)
        if label.post != sheet.post.key:
            self._back.append(Pick(sheet.post.key, sheet.picked))
        return self._sheet(Pick(label.post, label.picked))


def label_posts(session: Session, keyboard: Keyboard, say: Callable[[str], None], *, most: int | None = None) -> None:
    """Ask about one post after another until there is none, `most` were labelled, or the person has had enough."""
    sheet = session.next()
    while sheet is not None and (most is None or session.stored < most):
        for line in sheet_lines(sheet, session.catalogue):
            say(line)
        sheet = _answer(session, sheet, keyboard, say)


def _answer(session: Session, sheet: Sheet, keyboard: Keyboard, say: Callable[[str], None]) -> Sheet | None:
    """Follow the keys until the post is done with; returns the next one, None to quit."""
    say(f"Enter = {sheet.tag}, or c e h r o; 1-9 + songs; s skip, u undo, q quit, ? keys")
    while (pressed := keyboard.key()) is not None:
        key = _HANGUL_KEYS.get(pressed, pressed)
        if key == "q":
            return None
        if key == ENTER or key in TAG_KEYS:
            tag = TAG_KEYS.get(key, sheet.tag)
            session.store(sheet, tag)
            say(f"stored: {tag}; {', '.join(named(song, session.catalogue) for song in sheet.songs) or 'no song'}")
            return session.next()
        if key == "s":
            session.skip(sheet)
            return session.next()
        if key == "u" and (again := session.undo(sheet)):
            say(f"undone: the label of {again.post.key}")
            return again
        _change(session, sheet, key, keyboard, say)
    return None


def _change(session: Session, sheet: Sheet, key: str, keyboard: Keyboard, say: Callable[[str], None]) -> None:
    """What keys do that leave the post where it is."""
    if key == "u":
        say(f"{session.by} has no label to undo" + (" here" if session.only else ""))
    elif key == "?":
        for line in HELP:
            say(line)
    elif key == "+":
        _add_song(session, sheet, keyboard, say)
    elif key in DIGITS[: len(sheet.offered)]:
        sheet.toggle(sheet.offered[DIGITS.index(key)])
        for line in song_lines(sheet, session.catalogue):
            say(line)
    else:
        say(f"{key!r} does nothing here; ? prints the keys")


def _add_song(session: Session, sheet: Sheet, keyboard: Keyboard, say: Callable[[str], None]) -> None:
    found = found_songs(session.catalogue, keyboard.line("part of a title, singer, drama or id: ") or "")
    if not found:
        say("no song of the catalogue has that")
        return
    for number, song in enumerate(found, 1):
        say(f" {number} {named(song.id, session.catalogue)}")
    say("which? any other key: none")
    key = keyboard.key()
    if key in DIGITS[: len(found)]:
        sheet.toggle(found[DIGITS.index(key)].id)
    for line in song_lines(sheet, session.catalogue):
        say(line)
