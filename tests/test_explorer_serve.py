"""`serve` answers on 127.0.0.1, ends cleanly when told to, and says in one line why it cannot start."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from explorer_database import empty_database

from tracker.explorer.serve import ExplorerError, serve

ROOT = Path(__file__).parent.parent
PROGRAM = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from tracker.explorer.serve import serve
serve(Path(sys.argv[2]), port=int(sys.argv[3]))
print("over")
"""


@pytest.fixture
def port() -> int:
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def running(arguments: list[str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ask(port: int, path: str, host: str = "127.0.0.1") -> tuple[int, str]:
    """The answer, once the server listens; at most 20 s."""
    deadline = time.monotonic() + 20
    while True:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            try:
                connection.request("GET", path, headers={"Host": host})
                answer = connection.getresponse()
                return answer.status, answer.read().decode()
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serves_until_told_to_stop_and_then_ends_cleanly(tmp_path: Path, port: int, number: signal.Signals) -> None:
    database = empty_database(tmp_path / "ostpulse.db")
    strict = ["-W", "error", "-W", "ignore:unclosed database:ResourceWarning"]  # Datasette's own, Python 3.13 on
    for process in running([sys.executable, *strict, "-c", PROGRAM, str(ROOT), str(database), str(port)]):
        assert ask(port, "/")[0] == 200
        assert ask(port, "/", host="evil.example")[0] == 400
        assert ask(port, "/nowhere")[0] == 404
        process.send_signal(number)
        out, err = process.communicate(timeout=15)
        assert (process.returncode, out, err) == (0, "over\n", "")


def test_plain_datasette_reads_the_metadata_file(tmp_path: Path, port: int) -> None:
    database = empty_database(tmp_path / "ostpulse.db")
    metadata = tmp_path / "metadata.json"
    subprocess.run([sys.executable, "-m", "tracker.explorer", metadata, "--database", database], cwd=ROOT, check=True)
    command = [
        sys.executable,
        "-m",
        "datasette",
        str(database),
        "-m",
        str(tmp_path / "metadata.json"),
        "--port",
        str(port),
    ]
    for _ in running(command):
        status, text = ask(port, "/ostpulse/this_week?_show_sql=1")
        assert status == 200
        assert "from weekly_chart" in text


def test_taken_port_is_named(tmp_path: Path, port: int) -> None:
    database = empty_database(tmp_path / "ostpulse.db")
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", port))
        door.listen()
        with pytest.raises(ExplorerError, match=f"^port {port} of 127.0.0.1: Address already in use; choose another"):
            serve(database, port=port)


def test_missing_foreign_and_broken_databases_are_named_and_left_alone(tmp_path: Path, port: int) -> None:
    with pytest.raises(ExplorerError, match="there is no such database"):
        serve(tmp_path / "none.db", port=port)
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "page.db").write_text("<html>" * 1000)
    with pytest.raises(ExplorerError, match=r"page\.db: file is not a database"):
        serve(tmp_path / "page.db", port=port)
    (tmp_path / "bare.db").touch()
    with pytest.raises(ExplorerError, match="is not a database of ostpulse"):
        serve(tmp_path / "bare.db", port=port)
