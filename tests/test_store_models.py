"""Weights fitted again: stored with their version, used from then on, and left aside once they no longer fit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fakes import post
from sqlite_utils import Database

from models.asking import is_set_apart
from models.catalogue import Catalogue
from models.linking.linker import Linker
from models.linking.weights import packaged_weights, weights_from_bytes
from models.post import TAGS
from models.tagging import corpus as tag_corpus
from models.tagging.corpus import LabelledPost, packaged_corpus
from models.tagging.tagger import load_tagger, tagger_from_bytes
from tracker.cli import main
from tracker.judge import Judge
from tracker.labelled import labelled_line
from tracker.pipeline import Pipeline
from tracker.refitting import labels_in, labels_of, refit
from tracker.store_labels import StoredLabel, save_label
from tracker.store_models import (
    LINKER,
    TAGGER,
    StoredModel,
    fitted_link_weights,
    fitted_tagger,
    forget_models,
    newest_model,
    save_models,
)

SHOWER = "sudden-shower"
TEXT = "Sudden Shower by ECLIPSE (Lovely Runner OST) {} #{}"


@pytest.fixture(scope="module")
def few() -> list[LabelledPost]:
    """Of the packaged corpus enough to fit on in a second."""
    return packaged_corpus()[::40]


@pytest.fixture(autouse=True)
def small_corpus(few: list[LabelledPost], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tag_corpus, "packaged_corpus", lambda: list(few))


@pytest.fixture(scope="module")
def fitted(few: list[LabelledPost], catalogue: Catalogue) -> tuple[StoredModel, StoredModel]:
    """Linker and tagger fitted without labels."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tag_corpus, "packaged_corpus", lambda: list(few))
        return refit(catalogue, [], made_at="2026-11-20T12:00:00Z")


def named(number: int, *, by_lot: bool) -> str:
    return next(f"{number}-{n}" for n in range(1000) if is_set_apart(f"mastodon:{number}-{n}") == by_lot)


def store_labels(pipeline: Pipeline, count: int, *, by_lot: bool = False, tag: str = "edit") -> list[str]:
    """So many labelled posts about one song."""
    posts = [post(named(n, by_lot=by_lot), TEXT.format(f"quorbel {n}", n)) for n in range(count)]
    pipeline.take_in(posts, source="mastodon")
    picked = "random" if by_lot else "useful"
    for one in posts:
        save_label(pipeline.db, StoredLabel(one.key, tag, (SHOWER,), "mina", "2026-11-20T12:00:00Z", picked))
    return [one.key for one in posts]


def test_the_newest_of_each_kind_is_given(db: Database, fitted: tuple[StoredModel, StoredModel]) -> None:
    assert newest_model(db, TAGGER) is None
    save_models(db, fitted)
    linker, tagger = fitted
    newer = StoredModel(TAGGER, "v2", "c", "2026-11-21T00:00:00Z", 7, b"bytes")
    save_models(db, [newer])
    assert newest_model(db, TAGGER) == newer
    assert newest_model(db, LINKER) == linker
    assert forget_models(db) == 3
    assert newest_model(db, LINKER) is None
    assert tagger.kind == TAGGER


def test_what_is_stored_says_where_it_comes_from(fitted: tuple[StoredModel, StoredModel]) -> None:
    linker, tagger = fitted
    assert tagger.version == tagger_from_bytes(tagger.weights).version
    assert tagger.checksum == tagger_from_bytes(tagger.weights).metadata["corpus"]
    weights = weights_from_bytes(linker.weights)
    assert (linker.version, linker.checksum) == (weights.fingerprint.hex(), weights.metadata["corpus"])
    assert linker.labels == tagger.labels == 0


def test_stored_weights_are_loaded(db: Database, fitted: tuple[StoredModel, StoredModel]) -> None:
    def stale(line: str) -> None:
        pytest.fail(line)

    assert fitted_tagger(db, on_stale=stale) is None
    assert fitted_link_weights(db, on_stale=stale) is None
    save_models(db, fitted)
    tagger, weights = fitted_tagger(db, on_stale=stale), fitted_link_weights(db, on_stale=stale)
    assert tagger is not None
    assert weights is not None
    assert (weights.fingerprint.hex(), tagger.version) == tuple(one.version for one in fitted)


def test_labels_change_the_fit_and_the_same_labels_give_the_same_bytes(
    pipeline: Pipeline, catalogue: Catalogue, fitted: tuple[StoredModel, StoredModel]
) -> None:
    store_labels(pipeline, 12)
    labelled = labels_of(pipeline.db)
    first = refit(catalogue, labelled, made_at="2026-11-20T12:00:00Z")
    assert first == refit(catalogue, labels_of(pipeline.db), made_at="2026-11-20T12:00:00Z")
    assert [one.labels for one in first] == [12, 12]
    assert all(one.checksum != before.checksum for one, before in zip(first, fitted, strict=True))

    def chance(model: StoredModel) -> float:
        judge = Judge(Linker(catalogue), tagger_from_bytes(model.weights))
        [said] = judge.judge([post("new", TEXT.format("quorbel again", "x"))])
        return said.tagged.probabilities[TAGS.index("edit")]

    assert chance(first[1]) > chance(fitted[1]) + 0.2


def test_labels_drawn_by_lot_are_never_learnt_from(pipeline: Pipeline) -> None:
    useful = store_labels(pipeline, 3)
    by_lot = store_labels(pipeline, 2, by_lot=True)
    relabelled = StoredLabel(by_lot[0], "cover", (), "ji-ho", "2026-11-20T13:00:00Z", "asked")
    save_label(pipeline.db, relabelled)
    assert [one.post.key for one in labels_of(pipeline.db)] == sorted(useful)


def test_lines_of_a_file_are_left_out_where_the_database_knows_better(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    lines = [labelled_line(post(str(n), "words"), tag="edit", songs=[], picked="useful") for n in range(3)]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines) + "{broken\n", "utf-8")
    bad: list[tuple[Path, int]] = []
    found = labels_in([file], on_bad=lambda name, number, reason: bad.append((name, number)), but={"mastodon:1"})
    assert [one.post.key for one in found] == ["mastodon:0", "mastodon:2"]
    assert bad == [(file, 4)]


# the command


def ostpulse(*arguments: object, input: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=input)


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: Database) -> Iterator[Path]:
    """The directory of `db`, so that commands and fixtures see one database."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines_file(folder: Path, name: str, *lines: dict[str, Any]) -> Path:
    file = folder / name
    file.write_text("".join(json.dumps({"published_at": "2026-11-20T10:00:00Z", **line}) + "\n" for line in lines))
    return file


LINE = {"platform": "tiktok", "id": "1", "text": TEXT.format("quorbel", "x")}


def test_train_stores_and_the_next_import_uses_it(at_home: Path, pipeline: Pipeline, db: Database) -> None:
    store_labels(pipeline, 12)
    before = json.loads(ostpulse("tag", lines_file(at_home, "a.jsonl", LINE)).stdout)
    trained = ostpulse("train")
    assert trained.exit_code == 0, trained.output
    assert trained.stdout.count("fitted on the packaged corpus and 12 labels") == 2
    assert "figures need 30 labelled posts that were drawn by lot; there are 0" in trained.stdout
    model = newest_model(db, TAGGER)
    assert model is not None
    assert model.made_at >= "2026"
    after = json.loads(ostpulse("tag", "a.jsonl").stdout)
    assert after["probabilities"]["edit"] > before["probabilities"]["edit"]
    assert ostpulse("import", "a.jsonl").exit_code == 0
    assert db.execute("select version from tags where post = 'tiktok:1'").fetchone() == (model.version,)
    assert "read before" in ostpulse("import", "a.jsonl").stdout
    assert "2 fitted weights forgotten" in ostpulse("train", "--packaged").stdout
    assert json.loads(ostpulse("tag", "a.jsonl").stdout) == before
    assert "seen 1" in ostpulse("import", "a.jsonl").stdout
    assert db.execute("select version from tags where post = 'tiktok:1'").fetchone() == (load_tagger().version,)


def test_figures_are_measured_on_thirty_posts_drawn_by_lot(at_home: Path, pipeline: Pipeline) -> None:
    store_labels(pipeline, 12)
    store_labels(pipeline, 30, by_lot=True)
    shown = ostpulse("train").stdout
    assert "Measured on 30 labelled posts that were drawn by lot and never learnt from" in shown
    [figures] = [line.split() for line in shown.splitlines() if "macro-F1" in line]
    before, now = map(float, figures[-2:])
    assert now > before, "12 posts of the same kind were learnt from"
    assert "links: precision" in shown


def test_files_are_learnt_from_as_well_but_not_what_is_kept_to_measure(at_home: Path, pipeline: Pipeline) -> None:
    [drawn] = store_labels(pipeline, 1, by_lot=True)
    lines = [{**LINE, "id": str(n), "text": f"quorbel {n}", "tag": "edit", "songs": []} for n in range(3)]
    lines.append({**LINE, "platform": "mastodon", "id": drawn.partition(":")[2], "tag": "cover", "songs": []})
    lines.append({**LINE, "id": "no-songs", "tag": "cover"})
    shown = ostpulse("train", "--labels", lines_file(at_home, "b.jsonl", *lines)).stdout
    assert "the packaged corpus and 3 labels" in shown.splitlines()[0]
    assert "the packaged corpus and 4 labels" in shown.splitlines()[1]


def test_weights_can_be_written_to_files_and_the_database_left_alone(at_home: Path, db: Database) -> None:
    result = ostpulse("--db", "none.db", "train", "--out", "t.npz", "--linker-out", "l.json")
    assert result.exit_code == 0, result.output
    assert not (at_home / "none.db").exists()
    assert tagger_from_bytes((at_home / "t.npz").read_bytes()).metadata["posts"] > 100
    assert weights_from_bytes((at_home / "l.json").read_bytes()).values.keys() == packaged_weights().values.keys()
    assert ostpulse("train", "--packaged", "--out", "t.npz").exit_code == 2
    assert newest_model(db, TAGGER) is None


@pytest.mark.parametrize("kind", [TAGGER, LINKER])
def test_stale_weights_are_left_aside_with_one_line(
    at_home: Path, db: Database, fitted: tuple[StoredModel, StoredModel], kind: str
) -> None:
    file = lines_file(at_home, "a.jsonl", LINE)
    packaged = ostpulse("tag", file)
    assert packaged.stderr == ""
    save_models(db, [StoredModel(kind, "old", "c", "2026-01-02T03:04:05Z", 3, b'{"format": "of old", "weights": {}}')])
    result = ostpulse("tag", file)
    assert result.exit_code == 0
    assert result.stdout == packaged.stdout
    [line] = result.stderr.splitlines()
    assert f"the {kind} fitted on 2026-01-02 is not used, the packaged one is: " in line
    assert line.endswith("fit it again: ostpulse train")
    save_models(db, fitted)
    assert ostpulse("tag", file).stderr == ""


def test_a_database_that_cannot_be_read_stops_no_tagging(at_home: Path) -> None:
    (at_home / "odd.db").write_text("not a database at all" * 100)
    result = ostpulse("--db", "odd.db", "tag", lines_file(at_home, "a.jsonl", LINE))
    assert result.exit_code == 0
    assert len(result.stderr.splitlines()) == 1
    assert "the packaged models are used" in result.stderr
    assert json.loads(result.stdout)["key"] == "tiktok:1"
