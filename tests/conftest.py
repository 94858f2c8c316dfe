"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.catalogue import Catalogue, load_catalogue

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
