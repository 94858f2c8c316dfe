"""Linker and tagger against labels: those of a file, or those that the user gave to posts picked at random."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collectors.post_lines import Label
from models.catalogue import Catalogue
from models.complaint import Complaint
from models.evaluation.confusion import compare
from models.evaluation.groups import Origin
from models.evaluation.keyword_rule import LinkByKeyword
from models.evaluation.links import LabelledLinks, SaidLinks, measure_links
from models.evaluation.recorded import checksum
from models.evaluation.tags import measure_tags
from models.korean_time import moment
from models.post import Post
from models.tagging.plain_words import plain_tag
from tracker.judge import Judge, Judgement
from tracker.labelled import Labelled, OnBad, read_labelled

if TYPE_CHECKING:
    from sqlite_utils import Database


class NothingLabelled(Complaint):
    """There is nothing to measure on; the message says where labels would be expected."""


def measure_file(catalogue: Catalogue, judge: Judge, file: Path, *, on_bad: OnBad) -> dict[str, Any]:
    """Measure `judge` on labelled post lines; see `measure`. Raises UnreadableFile, NothingLabelled."""
    labelled = list(read_labelled(file, on_bad=on_bad))
    if not any(one.label.tag is not None or one.label.songs is not None for one in labelled):
        raise NothingLabelled(f"{file}: no line has a tag or songs, so there is nothing to measure")
    return measure(labelled, catalogue, judge)


def measure_random_labels(db: Database, catalogue: Catalogue, judge: Judge) -> dict[str, Any]:
    """Measure `judge` on the labelled posts of the database that were picked at random; see `measure`.

    The words of each post are judged anew, so that labels, which win over the models, do not answer for them. Raises
    NothingLabelled.
    """
    labelled = list(_random_labels(db))
    if not labelled:
        raise NothingLabelled(
            "no post that was picked at random has been labelled yet; `ostpulse label` asks, or name a FILE of labels"
        )
    return measure(labelled, catalogue, judge)


def measure(labelled: Sequence[Labelled], catalogue: Catalogue, judge: Judge) -> dict[str, Any]:
    """{"posts", "versions", "tags", "links"}, ready for JSON; tags or links are None where nothing has such a label.

    Both hold `keyword_rule`: what the plainest rule reaches on the same posts.
    """
    judged = list(zip(labelled, judge.judge([one.post for one in labelled]), strict=True))
    linker, _, tagger = judge.version.partition("/")
    return {
        "posts": len(labelled),
        "versions": {"linker": linker, "tagger": tagger},
        "tags": _tags([(one, said) for one, said in judged if one.label.tag is not None]),
        "links": _links([(one, said) for one, said in judged if one.label.songs is not None], catalogue),
    }


def entry(measured: dict[str, Any], file: Path, date: str) -> dict[str, Any]:
    """What is recorded of one measurement: the figures with file name, date and checksum. Raises OSError."""
    return {"file": file.name, "date": date, "checksum": checksum(file.read_bytes()), **measured}


def _tags(judged: Sequence[tuple[Labelled, Judgement]]) -> dict[str, Any] | None:
    if not judged:
        return None
    meant = [one.label.tag or "" for one, _ in judged]
    measured = measure_tags(meant, [said.tagged for _, said in judged], [_origin(said) for _, said in judged])
    by_keyword = compare(meant, [plain_tag(one.post) for one, _ in judged])
    return {**measured.as_dict(), "keyword_rule": by_keyword.as_dict()}


def _links(judged: Sequence[tuple[Labelled, Judgement]], catalogue: Catalogue) -> dict[str, Any] | None:
    if not judged:
        return None
    meant = [LabelledLinks(one.label.songs or frozenset(), one.label.acceptable) for one, _ in judged]
    origins = [_origin(said) for _, said in judged]
    measured = measure_links(meant, [_said(said) for _, said in judged], origins)
    rule = LinkByKeyword(catalogue)
    by_keyword = measure_links(meant, [SaidLinks(rule(one.post)) for one, _ in judged], origins)
    return {**measured.as_dict(), "keyword_rule": by_keyword.whole.as_dict()}


def _origin(said: Judgement) -> Origin:
    return Origin(said.post.platform, said.language)


def _said(said: Judgement) -> SaidLinks:
    return SaidLinks([link.song for link in said.links.sure], [link.song for link in said.links.possible])


def _random_labels(db: Database) -> Iterator[Labelled]:
    """The posts with a standing label that were picked at random, each with the newest tag and the newest songs said.

    A later label counts however it was asked for: it corrects the first.
    """
    for row in db.query(_RANDOM):
        post = Post(
            platform=row["platform"],
            id=row["key"].partition(":")[2],
            published_at=moment(row["published_at"]),
            title=row["title"],
            text=row["text"],
            hashtags=tuple(json.loads(row["hashtags"])),
            language=row["language"],
            sound=row["sound"],
        )
        songs = frozenset(json.loads(row["songs"])) if row["songs"] is not None else None
        yield Labelled(post, Label(row["tag"], songs))


_RANDOM = """
with standing as (select * from labels where undone_at is null),
answered as (
  select post, (
      select tag from standing where post = picked.post and tag is not null order by at desc, id desc limit 1
    ) as tag, (
      select songs from standing where post = picked.post and songs <> 'null' order by at desc, id desc limit 1
    ) as songs
  from (select distinct post from standing where picked = 'random') as picked
)
select posts.*, answered.tag, answered.songs from answered join posts on posts.key = answered.post
where coalesce(answered.tag, answered.songs) is not null order by posts.key
"""
