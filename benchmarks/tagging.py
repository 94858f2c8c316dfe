"""Posts a second of the tagger, beside scikit-learn's own pipeline fitted on the same corpus, as JSON.

usage: python -m benchmarks.tagging [--posts N]

The reference is what anybody would build first: TfidfVectorizer(char_wb, 1 to 4) and LinearSVC. Posts are invented
(benchmarks/invented.py), about 35 characters long; both work in batches of 1,000 on one core; best of three.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.invented import catalogue, posts, words_by_language
from models.post import Post
from models.tagging.corpus import packaged_corpus
from models.tagging.tagger import load_tagger

BATCH = 1_000
TIMES = 3


def posts_a_second(tag: Callable[[Sequence[Post]], Any], given: Sequence[Post]) -> float:
    """The best of TIMES passes."""
    best = float("inf")
    for _ in range(TIMES):
        start = time.perf_counter()
        for first in range(0, len(given), BATCH):
            tag(given[first : first + BATCH])
        best = min(best, time.perf_counter() - start)
    return len(given) / best


def words(post: Post) -> str:
    """All that the reference sees of a post."""
    return " ".join([post.title or "", post.text or "", *post.hashtags])


def reference() -> Callable[[Sequence[Post]], Any]:
    """scikit-learn's pipeline, fitted on the packaged corpus."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    corpus = packaged_corpus()
    pipeline = make_pipeline(TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True), LinearSVC())
    pipeline.fit([words(one.post) for one in corpus], [one.tag for one in corpus])
    return lambda given: pipeline.predict([words(post) for post in given])


def run(count: int) -> dict[str, Any]:
    """Measure both on the same posts."""
    vocabulary = words_by_language()
    given = posts(count, catalogue(1_000, vocabulary, seed=1), vocabulary, seed=2)
    start = time.perf_counter()
    tagger = load_tagger()
    tagger.tag_all(given[:1])
    loaded = time.perf_counter() - start
    ours, theirs = posts_a_second(tagger.tag_all, given), posts_a_second(reference(), given)
    return {
        "posts": count,
        "characters_a_post": round(sum(len(words(post)) for post in given) / count, 1),
        "tagger_posts_a_second": round(ours),
        "scikit_learn_posts_a_second": round(theirs),
        "ratio": round(ours / theirs, 2),
        "load_seconds": round(loaded, 3),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=20_000)
    print(json.dumps(run(parser.parse_args().posts), indent=2))
