"""`ostpulse sounds`: the sound ids known for songs, and those that may be added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from models.complaint import Complaint
from tracker.workplace import Workplace

if TYPE_CHECKING:
    from tracker.store_sounds import SoundProposal


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--write", "file", type=click.Path(path_type=Path, dir_okay=False), help="Add [[sound]] entries to FILE.")
@click.option("--id", "numbers", type=click.IntRange(1), multiple=True, help="The numbers to write; all by default.")
@click.pass_obj
def sounds(workplace: Workplace, as_json: bool, file: Path | None, numbers: tuple[int, ...]) -> None:
    """List the sounds known for songs, and apart from them those that posts suggest.

    A suggested sound counts for nothing until you have written it to a catalogue file of yours with --write FILE.
    """
    from tracker.store_sounds import proposals, uses_of_known
    from tracker.terminal import say_json

    if numbers and file is None:
        raise click.UsageError("--id N says which sounds to write: it needs --write FILE")
    known = [(sound.platform, sound.id, sound.song, sound.note) for sound in workplace.catalogue.sounds]
    with workplace.reading() as db:
        proposed = proposals(db, {(platform, sound) for platform, sound, *_ in known})
        uses = uses_of_known(db)
    if file is not None:
        _write(workplace, _chosen(proposed, numbers), file)
    elif as_json:
        keys = ("platform", "id", "song", "note", "posts")
        listed = [dict(zip(keys, (*one, uses.get(one[:2], 0)), strict=True)) for one in known]
        say_json({"known": listed, "proposed": [{"number": n, **asdict(one)} for n, one in enumerate(proposed, 1)]})
    else:
        _say([(*one, uses.get(one[:2], 0)) for one in known], proposed)


def _say(known: Sequence[tuple[object, ...]], proposed: Sequence[SoundProposal]) -> None:
    from tracker.terminal import say, say_table

    if known:
        say_table(["platform", "sound", "song", "note", "posts"], known, title="Known")
    else:
        say("known: none")
    if not proposed:
        say("proposed: none")
        return
    say_table(
        ["", "platform", "sound", "song", "posts", "people", "share", "for example"],
        [
            (n, one.platform, one.id, one.song, one.posts, one.authors, f"{one.share:.0%}", " ".join(one.examples))
            for n, one in enumerate(proposed, 1)
        ],
        title="Proposed by posts that name the song in words; not counted yet",
    )
    say("listen to them, then add those that are right: ostpulse sounds --write mine.toml --id 1")


def _chosen(proposed: Sequence[SoundProposal], numbers: Sequence[int]) -> list[SoundProposal]:
    if not proposed:
        raise Complaint("--write: no sound is proposed")
    for number in numbers:
        if number > len(proposed):
            raise Complaint(f"--id: there is no number {number}; `ostpulse sounds` proposes {len(proposed)}")
    return [proposed[number - 1] for number in dict.fromkeys(numbers)] or list(proposed)


def _write(workplace: Workplace, chosen: Sequence[SoundProposal], file: Path) -> None:
    from models.discovering.entry import sound_entry
    from tracker.own_catalogue import append, how_to_use, with_file
    from tracker.terminal import say

    files = workplace.config.catalogue.files
    catalogue = with_file(file, files)
    new = [one for one in chosen if catalogue.song_of_sound(one.platform, one.id) is None]
    for one in chosen:
        if one not in new:
            say(f"{file}: the sound {one.id} of {one.platform} stands there already")
    if new:
        entries = [sound_entry(one.platform, one.id, one.song, _note(one)) for one in new]
        append(file, "\n".join(entries), files)
        say(f"{file}: added {len(new)} sounds")
    say(how_to_use(file, files))


def _note(one: SoundProposal) -> str:
    return f"proposed by {one.posts} posts of {one.authors} people, {one.share:.0%} of those linked"
