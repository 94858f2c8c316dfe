"""Which songs of the catalogue a post speaks of, how sure that is, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from models.catalogue import Catalogue
from models.linking.conflicts import conflict_evidence, date_evidence, undecided_twins
from models.linking.context import Candidate, context_evidence
from models.linking.disguise import MAX_DISGUISED, looks_disguised, undisguised
from models.linking.evidence import WEIGHTS, Evidence, confidence, evidence, shared_evidence
from models.linking.lexicon import Kind, Lexicon, packaged_bytes
from models.linking.masking import mask_post
from models.linking.sightings import Document, Reader
from models.linking.titles import title_evidence
from models.post import Post

CODE_VERSION = "2"
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
    """The sure links (from .80) and the possible ones (from .35), each by falling confidence, then by song."""

    sure: tuple[Link, ...] = ()
    possible: tuple[Link, ...] = ()


class Linker:
    """Links posts to the songs of one catalogue; the same post always gives the same links."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._lexicon = Lexicon(catalogue)
        self._reader = Reader(self._lexicon)
        weights = repr(sorted(WEIGHTS.items())).encode()
        content = b"\n".join((catalogue.version.encode(), weights, packaged_bytes(), CODE_VERSION.encode()))
        self.version = hashlib.blake2b(content, digest_size=6).hexdigest()

    def link(self, post: Post) -> Links:
        """The songs that a post speaks of. Any text is survivable; only its first 10,000 characters are read."""
        return self._read(post)[2]

    def mask(self, post: Post) -> Post:
        """The post with every title of a linked song replaced by '♪', for judging what is done with the song."""
        read, page, links = self._read(post)
        songs = {link.song for link in (*links.sure, *links.possible)}
        return mask_post(read, page, songs) if songs else post

    def _read(self, post: Post) -> tuple[Post, Document, Links]:
        """The first reading of a post that gives a sure link: as it stands, with slips mended, undisguised.

        Where none does, the first that gives a possible one.
        """
        page = self._reader.read(post)
        best = post, page, self._judge(page, post)
        if best[2].sure:
            return best
        if (mended := self._mended(post, page)) is not None:
            links = self._judge(mended, post, evidence("spelt with a slip"))
            if links.sure:
                return post, mended, links
            if links.possible and not best[2].possible:
                best = post, mended, links
        if not looks_disguised(page.cased):
            return best
        for plain in undisguised(post):
            page = self._reader.read(plain)
            links = self._judge(page, plain, evidence("spelt in disguise"))
            if links.sure:
                return plain, page, links
        return best

    def _mended(self, post: Post, page: Document) -> Document | None:
        """The post read again with slips in titles mended; None where there are none or nothing calls for it."""
        if not page.promising or len(page.cased) > MAX_DISGUISED:
            return None
        mended = self._reader.read(post, slips=True)
        return mended if mended.slips else None

    def _judge(self, page: Document, post: Post, *more: Evidence) -> Links:
        found = page.of(Kind.TITLE)[:MAX_CANDIDATES]
        candidates = [Candidate(page, self._lexicon, seen, name) for seen, name in found]
        best: dict[str, Link] = {}
        for candidate in candidates:
            link = self._weigh(candidate, candidates, post, more)
            known = best.get(link.song)
            if known is None or link.confidence > known.confidence:
                best[link.song] = link
        ranked = sorted(best.values(), key=lambda link: (-link.confidence, link.song))
        return Links(
            tuple(link for link in ranked if link.confidence >= SURE),
            tuple(link for link in ranked if POSSIBLE <= link.confidence < SURE),
        )

    def _weigh(
        self, candidate: Candidate, candidates: Sequence[Candidate], post: Post, more: Sequence[Evidence]
    ) -> Link:
        page, song = candidate.page, candidate.song
        pieces = [
            evidence("prior"),
            *title_evidence(page, song, candidate.seen, candidate.name, stands=candidate.setting, tied=candidate.tied),
            *context_evidence(candidate),
            *conflict_evidence(candidate, candidates),
            *date_evidence(song, post.published_at, self._lexicon.catalogue.dramas[song.drama].first_aired),
            *more,
        ]
        if twins := undecided_twins(candidate, candidates):
            pieces.append(shared_evidence(pieces, twins))
        return Link(song.id, confidence(pieces), tuple(piece for piece in pieces if piece.weight))
