"""`ostpulse songs`: the catalogue."""

from __future__ import annotations

import click

from tracker.workplace import Workplace


@click.command()
@click.argument("words", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def songs(workplace: Workplace, words: tuple[str, ...], as_json: bool) -> None:
    """List the songs of the catalogue, or those in which all WORDS occur (id, titles, drama, singer)."""
    from tracker.terminal import say, say_json, say_table

    catalogue = workplace.catalogue
    rows = []
    for song in catalogue.songs.values():
        drama = catalogue.dramas[song.drama]
        singers = [catalogue.artists[artist] for artist in song.artists]
        searched = " ".join([song.id, song.title, song.hangul or "", *song.aliases, drama.title, *drama.aliases])
        searched += " " + " ".join(name for singer in singers for name in (singer.name, *singer.aliases))
        if all(word.casefold() in searched.casefold() for word in words):
            rows.append((song, drama, singers))
    if as_json:
        say_json(
            [
                {
                    "id": song.id,
                    "title": song.title,
                    "hangul": song.hangul,
                    "drama": {"id": drama.id, "title": drama.title},
                    "artists": [{"id": singer.id, "name": singer.name} for singer in singers],
                    "aliases": list(song.aliases),
                }
                for song, drama, singers in rows
            ]
        )
        return
    say_table(
        ["id", "title", "hangul", "singer", "drama", "part", "released"],
        [
            (s.id, s.title, s.hangul, " & ".join(a.name for a in singers), d.title, s.part, s.released)
            for s, d, singers in rows
        ],
    )
    say(f"{len(rows)} songs")
