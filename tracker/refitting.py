"""Fitting linker and tagger again: from the packaged corpora and what was labelled since."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlite_utils import Database

from collectors.post_lines import Label
from models.catalogue import Catalogue
from models.linking.linker import Linker
from models.linking.weights import LinkWeights
from tracker.judge import text_of
from tracker.labelled import Labelled, read_labelled
from tracker.store_labels import keys_by_lot, labelled_posts
from tracker.store_models import LINKER, TAGGER, StoredModel

if TYPE_CHECKING:
    from models.tagging.corpus import LabelledPost

OnBad = Callable[[Path, int, str], None]


def labels_of(db: Database) -> list[Labelled]:
    """The user's labels to learn from: all but those given to posts drawn by lot, which are kept to measure on."""
    apart = keys_by_lot(db)
    return [
        Labelled(post, Label(label.tag, frozenset(label.songs)))
        for post, label in labelled_posts(db)
        if label.post not in apart
    ]


def labels_in(files: Iterable[Path], *, on_bad: OnBad, but: Collection[str] = ()) -> list[Labelled]:
    """The labelled post lines of some files, but for those of the posts `but`. Raises UnreadableFile."""
    return [
        one for file in files for one in read_labelled(file, on_bad=partial(on_bad, file)) if one.post.key not in but
    ]


def fit_linker(catalogue: Catalogue, labelled: Sequence[Labelled]) -> LinkWeights:
    """The linker's weights from its packaged corpus and from those of `labelled` that name songs."""
    from models.linking.fitting import fit
    from models.linking.link_corpus import LabelledLinkPost, packaged_link_corpus

    corpus = packaged_link_corpus(catalogue.songs)
    corpus += [
        LabelledLinkPost(one.post, one.label.songs, one.label.acceptable)
        for one in labelled
        if one.label.songs is not None
    ]
    return fit(catalogue, corpus)


def fit_tagger(catalogue: Catalogue, labelled: Sequence[Labelled], weights: LinkWeights | None = None) -> bytes:
    """The tagger from its packaged corpus and from those of `labelled` that have a tag.

    Song titles are masked as a linker with these weights (None: the packaged ones) masks them.
    """
    from models.tagging.corpus import packaged_corpus
    from models.tagging.training import train

    corpus = packaged_corpus() + [with_tag for one in labelled if (with_tag := _for_tagger(one))]
    return train(corpus, mask=Linker(catalogue, weights).mask)


def _for_tagger(one: Labelled) -> LabelledPost | None:
    """Posts of the same words share a group: they are never learnt from to judge one another."""
    from models.tagging.corpus import LabelledPost

    if one.label.tag is None:
        return None
    return LabelledPost(one.post, one.label.tag, zlib.crc32(" ".join(text_of(one.post).casefold().split()).encode()))


def refit(catalogue: Catalogue, labelled: Sequence[Labelled], *, made_at: str) -> tuple[StoredModel, StoredModel]:
    """Linker and tagger fitted one after the other, ready to be stored."""
    from models.tagging.tagger import tagger_from_bytes

    weights = fit_linker(catalogue, labelled)
    tagger = fit_tagger(catalogue, labelled, weights)
    fitted = tagger_from_bytes(tagger)
    with_songs = sum(one.label.songs is not None for one in labelled)
    with_tag = sum(one.label.tag is not None for one in labelled)
    return (
        StoredModel(
            LINKER, weights.fingerprint.hex(), weights.metadata["corpus"], made_at, with_songs, weights.to_bytes()
        ),
        StoredModel(TAGGER, fitted.version, fitted.metadata["corpus"], made_at, with_tag, tagger),
    )
