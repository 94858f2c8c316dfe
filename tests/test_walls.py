"""The house keeps its walls: who imports whom, which library enters by which door, what ships, what loads fast."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGES = ("tracker", "collectors", "models")
MAY_IMPORT = {
    "models": {"models"},
    "collectors": {"collectors", "models"},
    "tracker": {"tracker", "collectors", "models"},
}
DOORS = {
    "praw": ("collectors/",),
    "prawcore": ("collectors/",),
    "requests": ("collectors/",),
    "urllib3": ("collectors/",),
    "bs4": ("collectors/",),
    "defusedxml": ("collectors/",),
    "sklearn": ("models/",),
    "scipy": ("models/",),
    "ahocorasick_rs": ("models/",),
    "sqlite3": ("tracker/",),
    "sqlite_utils": ("tracker/",),
    "apscheduler": ("tracker/daemon.py",),
    "click": ("tracker/cli.py", "tracker/commands/"),
    "datasette": ("tracker/explorer/",),
    "filelock": ("tracker/lock.py",),
    "socket": ("tracker/explorer/serve.py",),  # asks whether a port is free
}


def modules() -> list[Path]:
    return sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))


def imports_of(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_go_one_way_and_through_their_door(file: Path) -> None:
    here = file.relative_to(ROOT).as_posix()
    for name in imports_of(file):
        top = name.split(".")[0]
        if top in PACKAGES:
            assert top in MAY_IMPORT[here.split("/")[0]], f"{here} imports {name}"
        if top in DOORS:
            assert here.startswith(DOORS[top]) if DOORS[top] else False, f"{here} imports {name}"


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(ROOT)))
def test_the_clock_is_read_at_the_edge_only(file: Path) -> None:
    here = file.relative_to(ROOT).as_posix()
    text = file.read_text("utf-8")
    for call in ("datetime.now(", "time.time(", "utcnow(", "date.today("):
        assert call not in text or here == "tracker/workplace.py", f"{here} reads the clock"


def test_no_module_is_a_drawer() -> None:
    for file in modules():
        assert file.stem not in {"utils", "util", "helpers", "common", "misc"}
        assert len(file.read_text("utf-8").splitlines()) <= 330, f"{file.name} holds more than one idea"


def test_help_loads_nothing_heavy() -> None:
    heavy = (
        "sklearn",
        "scipy",
        "numpy",
        "praw",
        "requests",
        "datasette",
        "apscheduler",
        "sqlite_utils",
        "rich",
        "jinja2",
    )
    script = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from tracker.cli import main\n"
        "result = CliRunner().invoke(main, ['--help'])\n"
        "assert result.exit_code == 0, result.output\n"
        f"print([name for name in {heavy!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_the_installed_package_holds_every_data_file() -> None:
    try:
        shipped = {str(path) for path in files("ostpulse") or []}
    except PackageNotFoundError:
        pytest.skip("ostpulse is not installed in this environment")
    if not any(name.startswith("models/") for name in shipped):
        pytest.skip("ostpulse is installed in place (editable), so there is no wheel to look into")
    wanted = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and file.suffix not in {".pyc", ".pyo"}
    }
    assert wanted - shipped == set()
