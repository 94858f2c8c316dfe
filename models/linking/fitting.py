"""Fits the weights of the linker's evidence to labelled posts, close to the priors where labels say little.

Logistic regression with a Gaussian prior around what is known beforehand (maximum a posteriori), every weight kept to
the side on which it was expected: evidence for a song can become worthless, but never evidence against it. The
features are the shares of the pieces of evidence, so that a song's score is a plain sum that a person can check.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.catalogue import Catalogue
from models.linking.evidence import PRIORS, Evidence, confidence
from models.linking.link_corpus import LabelledLinkPost, checksum
from models.linking.linker import Linker
from models.linking.weights import LinkWeights

STRENGTH = 10.0
"""The precision of the prior: about so many clear labels move a weight. Less of it fits our own corpus better, but that
was written by few hands.
"""

FIXED = ("prior", "posted before the release", "sound known")
"""Weights that labelled posts cannot tell: how rare mentions are in the stream, and what is so by definition."""


@dataclass(frozen=True)
class Material:
    """`shares` is (candidates, names of evidence), `meant` whether the song was meant, `post` whose candidate it is."""

    shares: NDArray[np.float64]
    meant: NDArray[np.bool_]
    post: NDArray[np.intp]


def material(catalogue: Catalogue, labelled: Sequence[LabelledLinkPost]) -> Material:
    """Every song that the words of each post may mean, with what speaks for it; acceptable songs are left out."""
    linker = Linker(catalogue, LinkWeights(PRIORS))
    names = {name: place for place, name in enumerate(PRIORS)}
    rows, meant, post = [], [], []
    for number, one in enumerate(labelled):
        best: dict[str, tuple[Evidence, ...]] = {}
        for song, pieces in linker.pieces(one.post):
            if song not in best or confidence(pieces) > confidence(best[song]):
                best[song] = pieces
        for song, pieces in best.items():
            if song in one.acceptable - one.songs:
                continue
            row = np.zeros(len(names))
            for piece in pieces:
                row[names[piece.name]] += piece.share
            rows.append(row)
            meant.append(song in one.songs)
            post.append(number)
    shape = (len(rows), len(names))
    return Material(np.array(rows).reshape(shape), np.array(meant, np.bool_), np.array(post, np.intp))


def fit_weights(found: Material, strength: float = STRENGTH) -> dict[str, float]:
    """Log-odds by the name of the evidence; the same material gives the same weights."""
    from scipy.optimize import minimize

    prior = np.array(list(PRIORS.values()))
    sign = np.where(found.meant, 1.0, -1.0)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (found.shares @ weights)
        slope = -sign / (1 + np.exp(np.clip(margin, -500, 500)))
        away = weights - prior
        value = float(np.logaddexp(0, -margin).sum() + strength / 2 * (away @ away))
        return value, found.shares.T @ slope + strength * away

    bounds = [
        (value, value) if name in FIXED else (0, None) if value > 0 else (None, 0) for name, value in PRIORS.items()
    ]
    fitted = minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=bounds)
    return dict(zip(PRIORS, (round(float(value), 3) for value in fitted.x), strict=True))


def fit(catalogue: Catalogue, labelled: Sequence[LabelledLinkPost]) -> LinkWeights:
    """Weights fitted to labelled posts, with a checksum of these."""
    found = material(catalogue, labelled)
    metadata = {"corpus": checksum(labelled), "posts": len(labelled), "candidates": len(found.meant)}
    return LinkWeights(fit_weights(found), metadata)
