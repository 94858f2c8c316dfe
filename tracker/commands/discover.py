"""`ostpulse discover`: titles outside the catalogue that rise beside "OST", a part number or a drama's name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from models.complaint import Complaint
from tracker.workplace import Workplace

if TYPE_CHECKING:
    from tracker.discovering import Proposal

SHOWN = 50


@click.command()
@click.option("--days", type=click.IntRange(1, 90), default=7, show_default=True, help="Length of the window.")
@click.option("--least", type=click.IntRange(1), default=3, show_default=True, help="People who must have written it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--write", "file", type=click.Path(path_type=Path, dir_okay=False), help="Add a catalogue entry to FILE.")
@click.option("--run", "number", type=click.IntRange(1), help="The number of the title to write.")
@click.pass_obj
def discover(workplace: Workplace, days: int, least: int, as_json: bool, file: Path | None, number: int | None) -> None:
    """Show titles that are in no catalogue and that more people than usual write beside OST words, parts and dramas.

    Nothing adds itself: --write FILE --run N writes the catalogue entry of one of them, for you to complete.
    """
    from tracker.discovering import proposals, until_day
    from tracker.terminal import say_json

    if number is not None and file is None:
        raise click.UsageError("--run N says which title to write: it needs --write FILE")
    with workplace.reading() as db:
        until = until_day(db)
        found = proposals(db, workplace.catalogue, until=until, days=days, least=least)[:SHOWN] if until else []
    if file is not None:
        _write(workplace, _chosen(found, number), file)
    elif as_json:
        runs = [_json(place, one) for place, one in enumerate(found, 1)]
        say_json({"until": until, "days": days, "least": least, "runs": runs})
    else:
        _say(found, until, days, least)


def _chosen(found: Sequence[Proposal], number: int | None) -> Proposal:
    if number is None:
        if len(found) != 1:
            raise Complaint(f"--write: say which of the {len(found)} titles with --run N")
        return found[0]
    if number > len(found):
        raise Complaint(f"--run: there is no number {number}; `ostpulse discover` lists {len(found)}")
    return found[number - 1]


def _say(found: Sequence[Proposal], until: str | None, days: int, least: int) -> None:
    from tracker.terminal import say, say_table

    if until is None:
        say("nothing counted yet: collect or import posts first")
        return
    if not found:
        say(f"no title outside the catalogue that {least} people wrote in the {days} days up to {until}")
        return
    say_table(
        ["", "title", "also", "singer", "beside", "posts", "people", "x usual", "first seen"],
        [
            (
                place, one.title, one.counts.most("also"), one.counts.most("singers") or one.counts.most("strangers"),
                ", ".join(f"{name} {posts}" for name, posts in list(one.beside().items())[:4]), one.rise.posts,
                f"about {one.people}", "no past yet" if one.rise.ratio is None else f"{one.rise.ratio:.1f}",
                one.rise.first_day,
            )
            for place, one in enumerate(found, 1)
        ],
        title=f"Titles in no catalogue, {days} days up to {until}",
    )  # fmt: skip
    say("to add one: ostpulse discover --write mine.toml --run 1")


def _json(place: int, one: Proposal) -> dict[str, Any]:
    return {
        "number": place,
        "run": one.run,
        "title": one.title,
        "spellings": dict(one.counts.beside["shown"]),
        "also": list(one.counts.beside["also"]),
        "dramas": dict(one.counts.beside["dramas"]),
        "works": dict(one.counts.beside["works"]),
        "ost": one.counts.beside["ost"]["ost"],
        "parts": dict(one.counts.beside["parts"]),
        "singers": dict(one.counts.beside["singers"]),
        "strangers": dict(one.counts.beside["strangers"]),
        "posts": one.rise.posts,
        "people": round(one.rise.people, 1),
        "usual": None if one.rise.usual is None else round(one.rise.usual, 2),
        "times_usual": None if one.rise.ratio is None else round(one.rise.ratio, 2),
        "first_seen": one.rise.first_day,
    }


def _write(workplace: Workplace, one: Proposal, file: Path) -> None:
    from models.discovering.entry import entry
    from tracker.own_catalogue import append, how_to_use, with_file
    from tracker.terminal import say

    files = workplace.config.catalogue.files
    catalogue = with_file(file, files)
    known = next((song.id for song in catalogue.songs.values() if one.run in _titles(song)), None)
    if known is not None:
        raise Complaint(f"{file}: the song '{known}' has the title '{one.title}' already")
    made = entry(one.sketch(catalogue), catalogue)
    append(file, made.text, files)
    how = "" if made.complete else ", as a comment: its drama is not known"
    say(f"{file}: added the song '{made.song}' ({one.title}){how}")
    say("complete what stands behind '#', then check with: ostpulse songs")
    say(how_to_use(file, files))


def _titles(song: Any) -> set[str]:
    from models.text import squashed

    return {squashed(name) for name in (song.title, song.hangul or "", *song.aliases)}
