"""`ostpulse label`: a review queue at the keyboard, and the labels it has given."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.workplace import Workplace

if TYPE_CHECKING:
    from sqlite_utils import Database

    from tracker.labelling import Session


@click.command()
@click.argument("key", required=False)
@click.option("--by", metavar="NAME", help="Who labels; by default the user of this computer.")
@click.option("--count", type=click.IntRange(min=1), metavar="N", help="Stop after N labels.")
@click.option("--json", "as_json", is_flag=True, help="Print the labels that hold as JSON.")
@click.option("--export", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), metavar="FILE",
              help="Write the labelled posts to FILE, for train --labels and evaluate.")  # fmt: skip
@click.pass_obj
def label(
    workplace: Workplace, key: str | None, by: str | None, count: int | None, as_json: bool, export: Path | None
) -> None:
    """Say what stored posts are, those first that teach the models most; or open the one post KEY.

    Each answer is stored at once and wins over the models. While labelling, ? prints the keys. Answers may also come
    from a pipe, line by line.
    """
    from tracker.store import StoreError

    if as_json and export is not None:
        raise click.UsageError("--json and --export do not go together")
    if as_json:
        with workplace.reading() as db:
            _list(db, key)
    elif export is not None:
        with workplace.reading() as db:
            _export(db, key, str(export))
    elif not workplace.database.is_file():
        raise StoreError(f"{workplace.database}: there is no such database yet; make one with collect, import or demo")
    else:
        with workplace.writing("label") as db:
            _ask(workplace, db, key, (by or "").strip() or _user(), count)


def _ask(workplace: Workplace, db: Database, key: str | None, by: str, count: int | None) -> None:
    from tracker.labelling import Session, label_posts
    from tracker.terminal import say

    if key is not None:
        _must_be_stored(db, key)
    session = Session(db, workplace.catalogue, workplace.judge(db), workplace.clock, by, only=key)
    label_posts(session, _Terminal() if sys.stdin.isatty() else _Pipe(), say, most=count)
    _sum_up(session)


def _sum_up(session: Session) -> None:
    from tracker.store_labels import keys_by_lot, labels_in_force
    from tracker.terminal import say

    labels, by_lot = len(labels_in_force(session.db)), len(keys_by_lot(session.db))
    if not session.asked:
        say("nothing to ask: no stored post mentions a song, or each is labelled or nearly repeats one that is")
    say(
        f"{session.stored} stored, {len(session.skipped)} skipped; {labels} posts labelled in all, {by_lot} of them "
        "drawn by lot" + ("; ostpulse train learns from labels" if labels else "")
    )


def _must_be_stored(db: Database, key: str) -> None:
    from models.complaint import Complaint
    from tracker.store_posts import stored_posts

    if not stored_posts(db, [key]):
        raise Complaint(f"{key}: no stored post has this key (platform:id)")


def _list(db: Database, key: str | None) -> None:
    from dataclasses import asdict

    from tracker.store_labels import labels_in_force
    from tracker.terminal import say_json

    say_json([asdict(one) for one in labels_in_force(db) if key in (None, one.post)])


def _export(db: Database, key: str | None, file: str) -> None:
    import json

    from tracker.labelled import labelled_line
    from tracker.store_labels import labelled_posts
    from tracker.terminal import complain

    found = [(post, one) for post, one in labelled_posts(db) if key in (None, one.post)]
    lines = [labelled_line(post, tag=one.tag, songs=one.songs, picked=one.picked) for post, one in found]
    with click.open_file(file, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    complain(f"{file}: {len(lines)} labelled posts")


def _user() -> str:
    from getpass import getuser

    try:
        return getuser()
    except (OSError, KeyError):  # a container whose user has no name
        return "unknown"


class _Terminal:
    """One keypress at a time, without the return key."""

    def key(self) -> str | None:
        from tracker.labelling import ENTER

        try:
            pressed = click.getchar()
        except (KeyboardInterrupt, EOFError):
            return None
        return ENTER if pressed in ("\r", "\n") else pressed

    def line(self, prompt: str) -> str | None:
        try:
            return input(prompt)
        except (KeyboardInterrupt, EOFError):
            return None


class _Pipe:
    """The keys of one line after the other; an empty line is the return key."""

    def __init__(self) -> None:
        self._rest = ""

    def key(self) -> str | None:
        from tracker.labelling import ENTER

        while not self._rest.strip():
            line = self._read()
            if line is None:
                return None
            if not line.strip():
                return ENTER
            self._rest = line
        rest = self._rest.lstrip()
        self._rest = rest[1:]
        return rest[0]

    def line(self, prompt: str) -> str | None:
        from tracker.terminal import say

        say(prompt)
        rest, self._rest = self._rest, ""
        return rest if rest.strip() else self._read()

    def _read(self) -> str | None:
        try:
            line = sys.stdin.readline()
        except UnicodeDecodeError:
            raise click.UsageError("what comes from the pipe is not UTF-8 text") from None
        return line.rstrip("\r\n") if line else None
