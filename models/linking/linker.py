"""Which songs of the catalogue a post speaks of, how sure that is, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from models.catalogue import Catalogue
from models.linking.conflicts import conflict_evidence, date_evidence, undecided_twins
from models.linking.contest import Contest
from models.linking.context import Candidate, context_evidence
from models.linking.disguise import MAX_DISGUISED, looks_disguised, undisguised
from models.linking.evidence import Evidence, confidence, evidence, shared_evidence, weighed
from models.linking.lexicon import Kind, Lexicon, packaged_bytes
from models.linking.masking import mask_post
from models.linking.prospects import Prospects
from models.linking.sightings import Document, Reader
from models.linking.titles import title_evidence
from models.linking.weights import LinkWeights, packaged_weights
from models.post import Post

CODE_VERSION = "3"
"""Raise when the reasoning changes in a way that the weights and word lists do not show."""

SURE = 0.80
POSSIBLE = 0.35
MAX_CANDIDATES = 48


@dataclass(frozen=True, slots=True)
class Link:
    """A song that a post speaks of; `evidence` adds up to `confidence` in log-odds."""

    song: str
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """The sure links (from .80) and the possible ones (from .35), each by falling confidence, then by song.

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
        contest = self._contest(page)
        for candidate in contest.candidates:
            if not undecided_twins(candidate, contest):
                yield candidate.song.id, self._weigh(candidate, contest, post, ()).evidence

    def examine(self, post: Post) -> Examined:
        """The post with all that was found in it: the first reading of a post that gives a sure link: as it stands, with slips mended, undisguised.

        Where none does, the first that gives a possible one.
        """
        page = self._reader.read(post)
        best = Examined(post, post, page, self._judge(page, post))
        if best.links.sure:
            return best
        if (mended := self._mended(post, page)) is not None:
            links = self._judge(mended, post, evidence("spelt with a slip"))
            if links.sure:
                return Examined(post, post, mended, links)
            if links.possible and not best.links.possible:
                best = Examined(post, post, mended, links)
        if not looks_disguised(page.cased):
            return best
        for plain in undisguised(post):
            page = self._reader.read(plain)
            links = self._judge(page, plain, evidence("spelt in disguise"))
            if links.sure:
                return Examined(post, plain, page, links)
        return best

    def _mended(self, post: Post, page: Document) -> Document | None:
        """The post read again with slips in titles mended; None where there are none or nothing calls for it."""
        named = {name.id for kind in (Kind.DRAMA, Kind.ARTIST) for _, name in page.of(kind) if not name.weak}
        if not named or len(page.cased) > MAX_DISGUISED:
            return None
        slips = self._reader.slips(page, named)
        return self._reader.read(post, slips=slips) if slips else None

    def _contest(self, page: Document) -> Contest:
        found = self._prospects.among(page)[:MAX_CANDIDATES]
        return Contest([Candidate(page, self._lexicon, seen, name) for seen, name in found])

    def _judge(self, page: Document, post: Post, *more: Evidence) -> Links:
        contest, heard = self._contest(page), self._heard(post)
        best: dict[str, Link] = {}
        for candidate in contest.candidates:
            candidate.heard = candidate.song.id == heard
        for candidate in contest.candidates:
            link = self._weigh(candidate, contest, post, more)
            known = best.get(link.song)
            if known is None or link.confidence > known.confidence:
                best[link.song] = link
        if heard is not None and heard not in best:
            best[heard] = self._link(heard, [evidence("prior"), evidence("sound known", post.sound or "")])
        ranked = sorted(best.values(), key=lambda link: (-link.confidence, link.song))
        sure = tuple(link for link in ranked if link.confidence >= SURE)
        possible = tuple(link for link in ranked if POSSIBLE <= link.confidence < SURE)
        return Links(sure, possible, () if sure or possible else _subjects(page))

    def _heard(self, post: Post) -> str | None:
        """The song whose recording the post uses, where its sound is known."""
        if post.sound is None:
            return None
        return self._lexicon.catalogue.song_of_sound(post.platform, post.sound)

    def _weigh(self, candidate: Candidate, contest: Contest, post: Post, more: Sequence[Evidence]) -> Link:
        page, song = candidate.page, candidate.song
        pieces = [
            evidence("prior"),
            *title_evidence(page, song, candidate.seen, candidate.name, stands=candidate.setting, tied=candidate.tied),
            *context_evidence(candidate),
            *conflict_evidence(candidate, contest),
            *date_evidence(song, post.published_at, self._lexicon.catalogue.dramas[song.drama].first_aired),
            *more,
        ]
        if candidate.heard:
            pieces.append(evidence("sound known", post.sound or ""))
        return self._link(song.id, pieces, undecided_twins(candidate, contest))

    def _link(self, song: str, pieces: Sequence[Evidence], twins: Sequence[str] = ()) -> Link:
        found = [weighed(piece, self.weights.values) for piece in pieces]
        if twins:
            found.append(shared_evidence(found, twins))
        return Link(song, confidence(found), tuple(piece for piece in found if piece.weight))


def _subjects(page: Document) -> tuple[str, ...]:
    """The dramas and artists that a post names for certain."""
    return tuple(sorted({name.id for kind in (Kind.DRAMA, Kind.ARTIST) for _, name in page.of(kind) if not name.weak}))
