"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import NOW, FakeClock
from sqlite_utils import Database

from models.catalogue import Catalogue, load_catalogue
from models.linking.linker import Linker
from models.tagging.tagger import load_tagger
from tracker.judge import Judge
from tracker.pipeline import Pipeline
from tracker.store import open_db
from tracker.store_catalogue import save_catalogue

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The packaged catalogue."""
    return load_catalogue()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded answers and labelled posts beside the project, where there is one."""
    folder = Path(os.environ.get("OSTPULSE_SHARED", ROOT.parent / "shared"))
    if not (folder / "payloads").is_dir():
        pytest.skip(f"needs the shared folder (recorded answers, labelled posts); none at {folder}")
    return folder


@pytest.fixture(scope="session")
def judge(catalogue: Catalogue) -> Judge:
    """The shipped linker and tagger."""
    return Judge(Linker(catalogue), load_tagger())


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still."""
    return FakeClock()


@pytest.fixture
def db(tmp_path: Path, catalogue: Catalogue) -> Iterator[Database]:
    """A new database with the catalogue in it."""
    db = open_db(tmp_path / "ostpulse.db")
    save_catalogue(db, catalogue, now=NOW)
    yield db
    db.conn.close()


@pytest.fixture
def pipeline(db: Database, catalogue: Catalogue, judge: Judge, clock: FakeClock) -> Pipeline:
    """The way of a post into that database."""
    return Pipeline(db, catalogue, b"k" * 32, clock=clock, judge=judge)
