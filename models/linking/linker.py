"""Which songs of the catalogue a post speaks of, how sure that is, and why."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from models.catalogue import Catalogue
from models.linking.candidate import Candidate
from models.linking.conflicts import conflict_evidence, date_evidence, undecided_twins
from models.linking.contest import NO_CONTEST, Contest
from models.linking.context import context_evidence
from models.linking.disguise import MAX_DISGUISED, looks_disguised, undisguised
from models.linking.evidence import Evidence, Piece, confidence, piece, shared_evidence, weighed, weights_of
from models.linking.lexicon import Kind, Lexicon, packaged_bytes
from models.linking.masking import mask_post
from models.linking.prospects import Prospects
from models.linking.reading import Reader
from models.linking.sightings import Document
from models.linking.titles import title_evidence
from models.linking.weights import LinkWeights, packaged_weights
from models.post import Post

CODE_VERSION = "4"
"""Raise when the reasoning changes in a way that the weights and word lists do not show."""

SURE = 0.50
"""From here on a link counts. At this confidence 98 of 100 links of the packaged link corpus are right when they are
judged by weights fitted without them; none is wrong among the labelled posts whose id hashes even (docs/quality.md).
"""
POSSIBLE = 0.30
"""From here on a link is worth a person's look."""

ROUNDING = 0.001
"""More than rounding can add to a confidence, in log-odds."""
MAX_CANDIDATES = 48


@dataclass(frozen=True, slots=True)
class Link:
    """A song that a post speaks of; `evidence` adds up to `confidence` in log-odds."""

    song: str
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """The sure links and the possible ones, each by falling confidence, then by song.

    `subjects` are the ids of the dramas and artists that a post without any link names for certain.
    """

    sure: tuple[Link, ...] = ()
    possible: tuple[Link, ...] = ()
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """A post, the same as it was read (slips mended, undisguised), its page of names, and its links."""

    post: Post
    read: Post
    page: Document
    links: Links

    @property
    def masked(self) -> Post:
        """The post with every title of a linked song replaced by '♪'."""
        songs = {link.song for link in (*self.links.sure, *self.links.possible)}
        return mask_post(self.read, self.page, songs) if songs else self.post


class Linker:
    """Links posts to the songs of one catalogue; the same post always gives the same links."""

    def __init__(self, catalogue: Catalogue, weights: LinkWeights | None = None) -> None:
        self.weights = weights or packaged_weights()
        self._lexicon = Lexicon(catalogue)
        self._least = math.log(POSSIBLE / (1 - POSSIBLE)) - ROUNDING
        self._prospects = Prospects(self._lexicon, self.weights.values, POSSIBLE)
        self._reader = Reader(self._lexicon, self._prospects.stands_alone)
        parts = (catalogue.version.encode(), self.weights.fingerprint, packaged_bytes(), CODE_VERSION.encode())
        content = b"\n".join(parts)
        self.version = hashlib.blake2b(content, digest_size=6).hexdigest()

    @property
    def known(self) -> Container[str]:
        """Every spelling that is searched for, squashed."""
        return self._lexicon.known

    def link(self, post: Post) -> Links:
        """The songs that a post speaks of. Any text is survivable; only its first 10,000 characters are read."""
        return self.examine(post).links

    def mask(self, post: Post) -> Post:
        """The post with every title of a linked song replaced by '♪', for judging what is done with the song."""
        return self.examine(post).masked

    def pieces(self, post: Post) -> Iterator[tuple[str, tuple[Evidence, ...]]]:
        """Every song that the words of a post may mean, with its evidence, for fitting the weights.

        A post in which one of several songs is meant, and nothing says which, gives none of these.
        """
        page = self._reader.read(post)
        contest = self._contest(page, None)
        for candidate in contest.candidates:
            if not undecided_twins(candidate, contest):
                yield candidate.song.id, self._link(candidate.song.id, self._reasons(candidate, contest, post)).evidence

    def examine(self, post: Post) -> Examined:
        """The post with all that was found in it.

        It is read as it stands, then with slips mended, then undisguised, until a reading gives a sure link. Where
        none does, the first that gives a possible one is taken.
        """
        heard = self._heard(post)
        page = self._reader.read(post, heard=heard is not None)
        best = Examined(post, post, page, self._judge(page, post, heard))
        if best.links.sure:
            return best
        if (mended := self._mended(post, page)) is not None:
            links = self._judge(mended, post, heard, piece("spelt with a slip"))
            if links.sure:
                return Examined(post, post, mended, links)
            if links.possible and not best.links.possible:
                best = Examined(post, post, mended, links)
        if not looks_disguised(page.cased):
            return best
        for plain in undisguised(post):
            page = self._reader.read(plain)
            links = self._judge(page, plain, heard, piece("spelt in disguise"))
            if links.sure:
                return Examined(post, plain, page, links)
        return best

    def _mended(self, post: Post, page: Document) -> Document | None:
        """The post read again with slips in titles mended; None where there are none or nothing calls for it."""
        named = _subjects(page)
        if not named or len(page.cased) > MAX_DISGUISED:
            return None
        slips = self._reader.slips(page, named)
        return self._reader.read(post, slips=slips) if slips else None

    def _contest(self, page: Document, heard: str | None) -> Contest:
        found = self._prospects.among(page, heard)[:MAX_CANDIDATES]
        if not found:
            return NO_CONTEST
        return Contest(
            [
                Candidate(page, self._lexicon, seen, title, tied=tied, heard=title.song.id == heard)
                for seen, title, tied in found
            ]
        )

    def _judge(self, page: Document, post: Post, heard: str | None, *more: Piece) -> Links:
        contest = self._contest(page, heard)
        best: dict[str, Link] = {}
        for candidate in contest.candidates:
            link = self._weighed(candidate, contest, post, more)
            if link is not None and (link.song not in best or link.confidence > best[link.song].confidence):
                best[link.song] = link
        if heard is not None and not any(candidate.heard for candidate in contest.candidates):
            best[heard] = self._link(heard, [piece("prior"), piece("sound known", post.sound or "")])
        if not best:
            return Links(subjects=_subjects(page))
        ranked = sorted(best.values(), key=lambda link: (-link.confidence, link.song))
        sure = tuple(link for link in ranked if link.confidence >= SURE)
        possible = tuple(link for link in ranked if POSSIBLE <= link.confidence < SURE)
        return Links(sure, possible, () if sure or possible else _subjects(page))

    def _weighed(self, candidate: Candidate, contest: Contest, post: Post, more: Sequence[Piece]) -> Link | None:
        """The link to a candidate, with all its evidence, if it can be a possible one."""
        pieces = [*self._reasons(candidate, contest, post), *more]
        if sum(weights_of(pieces, self.weights.values)) < self._least:
            return None
        return self._link(candidate.song.id, pieces, undecided_twins(candidate, contest))

    def _heard(self, post: Post) -> str | None:
        """The song whose recording the post uses, where its sound is known."""
        if post.sound is None:
            return None
        return self._lexicon.catalogue.song_of_sound(post.platform, post.sound)

    def _reasons(self, candidate: Candidate, contest: Contest, post: Post) -> list[Piece]:
        """What speaks for and against a song, but for its twins."""
        song = candidate.song
        joined = candidate.tied and candidate.joined
        pieces = [
            piece("prior"),
            *title_evidence(candidate.title, candidate.page, candidate.seen, stands=candidate.setting, joined=joined),
            *context_evidence(candidate),
            *conflict_evidence(candidate, contest),
            *date_evidence(song, post.published_at, self._lexicon.catalogue.dramas[song.drama].first_aired),
        ]
        if candidate.heard:
            pieces.append(piece("sound known", post.sound or ""))
        return pieces

    def _link(self, song: str, pieces: Sequence[Piece], twins: Sequence[str] = ()) -> Link:
        found = weighed(pieces, self.weights.values)
        if twins:
            found.append(shared_evidence(found, twins))
        return Link(song, confidence(found), tuple(one for one in found if one.weight))


def _subjects(page: Document) -> tuple[str, ...]:
    """The dramas and artists that a post names for certain."""
    named = [*page.of(Kind.DRAMA), *page.of(Kind.ARTIST)]
    return tuple(sorted({name.id for _, name in named if not name.weak})) if named else ()
