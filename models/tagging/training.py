"""Fits the tagger: hashed n-grams and tag words into one linear model, its confidence calibrated on held-out folds.

The confidence comes from one temperature (Guo et al. 2017) fitted on scores of posts that the model had not seen, with
groups of alike posts kept together: near-duplicates on both sides would fake certainty. Half of these scores come from
models that had not seen the post's language either, for the stream is less like the corpus than the corpus is like
itself.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.complaint import Complaint
from models.post import EARLIEST, TAGS, Post
from models.tagging.corpus import LabelledPost, checksum, packaged_fingerprint
from models.tagging.features import PLACES, Seen, count_of_singles, rule_names, see
from models.tagging.ngrams import NOTHING, Shape
from models.tagging.tagger import FORMAT, by_plain_word, softmax
from models.tagging.words import packaged

FOLDS = 5
FEWEST_PER_TAG = 10
SHAPE = Shape(bits=17, longest=4)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


class TrainingError(Complaint):
    """Labelled posts from which nothing can be learnt; the message says what is missing."""


@dataclass(frozen=True)
class Settings:
    """Chosen on the packaged corpus by two cross-validations: over groups of lines, and over languages.

    `strength` lies in the middle of those (.3 to .7) at which a model fitted on the older half of the corpus tags the
    plain lines of the newer half best: text of other hands needs more restraint than one's own. `share_of_other` is not
    in the corpus to be found: of the posts that a collector meets, we expect one in two to be news, questions, official
    videos and the like. `plain_word` is half of what the plain word would be worth if it were all that is known of a
    post (right in four of five posts).
    """

    shape: Shape = SHAPE
    strength: float = 0.5
    rarest: int = 2
    rule_scale: float = 0.35
    pair_scale: float = 0.25
    scales: tuple[float, ...] = (1.0, 1.0, 1.0, 0.5)
    empty_share: float = 0.02
    share_of_other: float = 0.5
    plain_word: float = 0.45


def unmasked(post: Post) -> Post:
    """The mask that hides nothing."""
    return post


def train(
    labelled: Sequence[LabelledPost],
    *,
    mask: Callable[[Post], Post] = unmasked,
    settings: Settings | None = None,
) -> bytes:
    """Fit a tagger and return it as the bytes of an npz; the same posts and settings give the same bytes.

    Raises TrainingError when a tag has fewer than FEWEST_PER_TAG posts.
    """
    chosen = settings or Settings()
    for tag in TAGS:
        count = sum(one.tag == tag for one in labelled)
        if count < FEWEST_PER_TAG:
            raise TrainingError(f"too few posts labelled {tag}: {count}, at least {FEWEST_PER_TAG} are needed")
    material = _material(labelled, mask, chosen)
    real = np.arange(len(labelled))
    truth = material.tags[real]
    alike = _held_out_scores(material, material.groups % FOLDS, chosen)[real]
    foreign = _held_out_scores(material, material.languages % FOLDS, chosen)[real]
    plain = chosen.plain_word * material.plain[real]
    temperature = best_temperature(np.vstack([alike + plain, foreign + plain]), np.append(truth, truth))
    fit = _fit(material, np.arange(len(material.tags)), chosen)
    fit = replace(fit, bias=fit.bias + temperature * prior_shift(truth, chosen.share_of_other))
    metadata = {
        "format": FORMAT,
        "tags": list(TAGS),
        "corpus": checksum(labelled),
        "packaged_corpus": packaged_fingerprint(),
        "posts": len(labelled),
        "words": packaged().fingerprint,
        "bits": chosen.shape.bits,
        "longest": chosen.shape.longest,
        "seed": chosen.shape.seed,
        "temperature": round(temperature, 6),
        "plain_word": chosen.plain_word,
        "held_out_accuracy": _accuracy(alike + plain, truth),
        "held_out_language_accuracy": _accuracy(foreign + plain, truth),
        "numpy": np.__version__,
        "scikit-learn": _sklearn_version(),
    }
    return _packed(fit, chosen, metadata)


@dataclass(frozen=True)
class _Material:
    """`counts` (posts * places, buckets) and `rules` (posts, rules) are sparse; `plain` is (posts, tags), the others
    (posts,).
    """

    counts: Any
    rules: Any
    plain: NDArray[np.float64]
    tags: NDArray[np.intp]
    groups: NDArray[np.intp]
    languages: NDArray[np.intp]


@dataclass(frozen=True)
class _Fit:
    idf: NDArray[np.float32]
    coefficients: NDArray[np.float64]
    bias: NDArray[np.float64]


def _material(labelled: Sequence[LabelledPost], mask: Callable[[Post], Post], settings: Settings) -> _Material:
    from scipy import sparse

    blank = LabelledPost(Post("none", "blank", EARLIEST), "other")
    blanks = [replace(blank, group=number) for number in range(round(settings.empty_share * len(labelled)))]
    everything = [*labelled, *blanks]
    masked = [mask(one.post) for one in everything]
    seen = see(masked)
    languages = sorted({one.post.language or "" for one in everything})
    return _Material(
        counts=_counts(seen, settings.shape),
        rules=sparse.csr_matrix(seen.rules(packaged()).astype(np.float64)),
        plain=by_plain_word(masked),
        tags=np.array([TAGS.index(one.tag) for one in everything]),
        groups=np.array([one.group for one in everything]),
        languages=np.array([languages.index(one.post.language or "") for one in everything]),
    )


def _counts(seen: Seen, shape: Shape) -> Any:
    from scipy import sparse

    kinds = seen.grams(shape)
    bucket = np.concatenate(kinds)
    owner = np.tile(seen.owner, len(kinds))
    kept = bucket != NOTHING
    ones = np.ones(int(kept.sum()))
    size = (seen.posts * len(PLACES), shape.buckets)
    return sparse.coo_matrix((ones, (owner[kept], bucket[kept])), shape=size).tocsr()


def _held_out_scores(material: _Material, fold: NDArray[np.intp], settings: Settings) -> NDArray[np.float64]:
    """Scores of each post by a model fitted without the posts of its fold; 0 where that left a tag without posts."""
    scores = np.zeros((len(material.tags), len(TAGS)))
    for held_out in range(FOLDS):
        inside, outside = np.flatnonzero(fold == held_out), np.flatnonzero(fold != held_out)
        if len(inside) and len(set(material.tags[outside])) == len(TAGS):
            fit = _fit(material, outside, settings)
            scores[inside] = _design(material, inside, fit.idf, settings) @ fit.coefficients.T + fit.bias
    return scores


def _accuracy(scores: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    return round(float((scores.argmax(axis=1) == truth).mean()), 4)


def _fit(material: _Material, rows: NDArray[np.intp], settings: Settings) -> _Fit:
    from sklearn.svm import LinearSVC

    idf = _idf(material, rows, settings.rarest)
    model = LinearSVC(C=settings.strength, class_weight="balanced", random_state=settings.shape.seed % 2**31)
    model.fit(_design(material, rows, idf, settings), material.tags[rows])
    if not np.isfinite(model.coef_).all():
        raise TrainingError("the fit did not end in numbers")
    return _Fit(idf, model.coef_, model.intercept_)


def _idf(material: _Material, rows: NDArray[np.intp], rarest: int) -> NDArray[np.float32]:
    """Rarity of each bucket, 0 where fewer than `rarest` posts hold it; in the precision in which it is stored."""
    counts = _texts_of(material, rows)
    counts.data[:] = 1
    by_post = _sum_places(len(rows)) @ counts
    frequency = np.asarray((by_post > 0).sum(axis=0)).ravel()
    idf = np.log((1 + len(rows)) / (1 + frequency)) + 1
    return np.where(frequency >= rarest, idf, 0).astype(np.float16).astype(np.float32)


def _design(material: _Material, rows: NDArray[np.intp], idf: NDArray[np.float32], settings: Settings) -> Any:
    """One row a post: each place's n-grams at length 1, times the place's scale, added up; then the rules."""
    from scipy import sparse

    counts = _texts_of(material, rows)
    length = np.sqrt(counts @ (idf.astype(np.float64) ** 2))
    scale = np.tile(settings.scales, len(rows)) / np.where(length > 0, length, 1)
    weighted = sparse.diags(scale) @ counts @ sparse.diags(idf.astype(np.float64))
    return sparse.hstack(
        [_sum_places(len(rows)) @ weighted, material.rules[rows] @ sparse.diags(_rule_scales(settings))]
    ).tocsr()


def _rule_scales(settings: Settings) -> NDArray[np.float64]:
    senses = packaged()
    singles, every = count_of_singles(senses), len(rule_names(senses))
    return np.repeat([settings.rule_scale, settings.pair_scale], [singles, every - singles])


def _texts_of(material: _Material, rows: NDArray[np.intp]) -> Any:
    return material.counts[(rows[:, None] * len(PLACES) + np.arange(len(PLACES))).ravel()]


def _sum_places(posts: int) -> Any:
    from scipy import sparse

    return sparse.kron(sparse.identity(posts), np.ones((1, len(PLACES)))).tocsr()


def best_temperature(scores: NDArray[np.float64], tags: NDArray[np.intp]) -> float:
    """The temperature at which `scores` of unseen posts lose least (mean log-loss)."""
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        chances = softmax(scores / np.exp(log_temperature))[np.arange(len(tags)), tags]
        return float(-np.log(np.maximum(chances, 1e-12)).mean())

    found = minimize_scalar(loss, bounds=(np.log(0.02), np.log(50)), method="bounded")
    return float(np.exp(found.x))


def prior_shift(tags: NDArray[np.intp], share_of_other: float) -> NDArray[np.float64]:
    """(tags,): what to add to each log-chance where `share_of_other` of the posts to come are 'other'.

    The corpus holds the four kinds far more often than the stream does. The kinds keep their shares among
    themselves (adjusting to new prior probabilities: Saerens, Latinne and Decaestecker 2002).
    """
    shares = np.bincount(tags, minlength=len(TAGS)) / len(tags)
    other = TAGS.index("other")
    expected = shares * (1 - share_of_other) / (1 - shares[other])
    expected[other] = share_of_other
    shift: NDArray[np.float64] = np.log(expected / shares)
    return shift


def _packed(fit: _Fit, settings: Settings, metadata: dict[str, Any]) -> bytes:
    buckets = settings.shape.buckets
    arrays = {
        "grams": fit.coefficients[:, :buckets].T.astype(np.float16),
        "idf": fit.idf.astype(np.float16),
        "rules": (fit.coefficients[:, buckets:].T * _rule_scales(settings)[:, None]).astype(np.float32),
        "bias": fit.bias.astype(np.float32),
        "scales": np.array(settings.scales, np.float32),
        "metadata": np.frombuffer(json.dumps(metadata, sort_keys=True).encode(), np.uint8),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.save(member, np.ascontiguousarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, member.getvalue())
    return packed.getvalue()


def _sklearn_version() -> str:
    import sklearn

    return str(sklearn.__version__)
