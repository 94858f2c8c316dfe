"""Word runs in the database, and `ostpulse discover`: counting, forgetting, ranking, writing an entry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fakes import NOW, post
from sqlite_utils import Database

from models.catalogue import Catalogue, Source, load_catalogue
from models.discovering.crowd import people
from models.discovering.runs import Run, runs
from models.korean_time import day_label, day_of
from models.linking.lexicon import Lexicon
from models.linking.linker import Linker
from tracker.authors import hash_author
from tracker.cli import main
from tracker.discovering import proposals, until_day
from tracker.own_catalogue import OwnCatalogueError, append
from tracker.store import open_db, set_meta, transaction
from tracker.store_catalogue import save_catalogue
from tracker.store_runs import RUNS_A_DAY, Heard, count_runs, prune_runs

TODAY = date(2026, 11, 20)
RUN = Run("warmbread", "Warm Bread", ("lovely-runner",), True, "Part 3", (), "Han Sol", "", "따뜻한 빵")


def day(back: int = 0) -> str:
    return (TODAY - timedelta(days=back)).isoformat()


def person(number: int) -> str:
    return hashlib.blake2b(f"person {number}".encode(), digest_size=8).hexdigest()


def heard(*people: int, run: Run = RUN, back: int = 0) -> list[Heard]:
    return [Heard(day(back), person(number), (run,)) for number in people]


def count(db: Database, found: Iterable[Heard]) -> None:
    with transaction(db) as connection:
        count_runs(connection, found)


def prune(db: Database, back: int = 0) -> None:
    with transaction(db) as connection:
        prune_runs(connection, today=day(back))


def rows(db: Database, columns: str = "run, day, posts") -> list[tuple[Any, ...]]:
    return db.execute(f"select {columns} from word_runs order by day, run").fetchall()


def test_posts_are_added_up_by_korean_day_and_nobody_is_stored(db: Database) -> None:
    count(db, heard(1, 2, 2))
    count(db, [*heard(2, 3), *heard(1, back=1)])
    assert rows(db) == [("warmbread", day(1), 1), ("warmbread", day(), 5)]
    [(_,), (crowd,)] = rows(db, "crowd")
    assert round(people(crowd)) == 3
    stored = " ".join(map(str, db.execute("select * from word_runs").fetchall()))
    assert not any(person(number) in stored for number in (1, 2, 3))


def test_the_most_common_spelling_is_shown_and_what_it_stands_beside_is_counted(db: Database) -> None:
    loud = Run("warmbread", "WARM BREAD", (), True)
    count(db, [*heard(1, 2), *heard(3, 4, 5, run=loud)])
    [(shown, beside)] = rows(db, "shown, beside")
    assert shown == "WARM BREAD"
    assert json.loads(beside)["shown"] == {"WARM BREAD": 3, "Warm Bread": 2}
    assert json.loads(beside)["dramas"] == {"lovely-runner": 2}
    assert json.loads(beside)["ost"] == {"ost": 5}


def test_however_many_spellings_come_a_row_stays_small(db: Database) -> None:
    many = [Run("warmbread", f"Warm  Bread{'!' * n}", stranger=f"Singer {n}") for n in range(200)]
    count(db, [each for n, run in enumerate(many) for each in heard(n, run=run)])
    [(beside,)] = rows(db, "beside")
    assert len(beside) < 1000


def test_what_one_person_wrote_is_forgotten_after_14_days_and_all_after_400(db: Database) -> None:
    alone, shared = Run("onlymine", "Only Mine"), Run("ours", "Ours")
    for back in (401, 100, 15, 14, 3):
        count(db, [*heard(1, 1, run=alone, back=back), *heard(1, 2, run=shared, back=back)])
    count(db, [*heard(1, run=Run("slow", "Slow"), back=200), *heard(2, run=Run("slow", "Slow"), back=100)])
    prune(db)
    assert {(run, when) for run, when, _ in rows(db)} == {
        *(("ours", day(back)) for back in (100, 15, 14, 3)),
        *(("onlymine", day(back)) for back in (14, 3)),
        *(("slow", day(back)) for back in (200, 100)),
    }


def test_of_a_full_day_the_rarest_are_dropped(db: Database) -> None:
    crowd = [Heard(day(1), person(n % 50), (Run(f"k{n:05}", f"K{n}"),)) for n in range(RUNS_A_DAY + 300)]
    count(db, [*heard(1, 2, 3, back=1), *crowd])
    assert len(rows(db)) == RUNS_A_DAY + 301
    prune(db, back=1)  # the day is not over yet
    assert len(rows(db)) == RUNS_A_DAY + 301
    prune(db)
    left = rows(db)
    assert len(left) == RUNS_A_DAY
    assert ("warmbread", day(1), 3) in left


def test_a_flood_cannot_fill_the_disk_within_a_day(db: Database) -> None:
    for start in range(0, 4 * RUNS_A_DAY, RUNS_A_DAY):
        numbers = range(start, start + RUNS_A_DAY)
        count(db, [*heard(1, 2), *(Heard(day(), person(n), (Run(f"k{n:05}", f"K{n}"),)) for n in numbers)])
        assert len(rows(db)) <= 2 * RUNS_A_DAY
    assert ("warmbread", day(), 8) in rows(db)


def test_titles_are_ranked_by_their_rise_not_by_their_size(db: Database, catalogue: Catalogue) -> None:
    steady, new = Run("steadysong", "Steady Song", ost=True), RUN
    for back in range(40):
        count(db, heard(*range(12), run=steady, back=back))
    for back in range(3):
        count(db, heard(*range(8), run=new, back=back))
    count(db, heard(1, 2, run=Run("rare", "Rare")))
    found = proposals(db, catalogue, until=day(), days=7, least=3)
    assert [one.title for one in found] == ["Warm Bread"]
    [one] = found
    assert (one.rise.posts, one.rise.first_day) == (24, day(2))
    assert one.rise.people == pytest.approx(8, abs=1.5)
    assert one.rise.ratio is not None
    assert one.rise.ratio > 10
    assert one.beside() == {"lovely-runner": 24, "ost": 24, "part 3": 24}
    rising = [*range(12, 45)]
    for back in range(7):
        count(db, heard(*rising, run=steady, back=back))
    assert [one.title for one in proposals(db, catalogue, until=day(), days=7, least=3)] == [
        "Warm Bread",
        "Steady Song",
    ]


def test_the_window_ends_where_it_is_told_to_end(db: Database, catalogue: Catalogue) -> None:
    count(db, [*heard(1, 2, 3, back=20), *heard(4, 5, 6, 7)])
    [then] = proposals(db, catalogue, until=day(18), days=7, least=3)
    assert (then.rise.posts, then.people) == (3, "3")
    assert proposals(db, catalogue, until=day(10), days=7, least=3) == []


def test_now_is_the_last_scored_hour_else_the_newest_day(db: Database) -> None:
    assert until_day(db) is None
    count(db, heard(1))
    assert until_day(db) == day()
    with transaction(db) as connection:
        set_meta(connection, "scored_until", "2026-11-18T15:00:00Z")  # midnight in Korea: the 18th has just ended
    assert until_day(db) == "2026-11-18"


def test_the_second_spelling_of_a_title_is_not_proposed_apart(db: Database, catalogue: Catalogue) -> None:
    hangul = Run("따뜻한빵", "따뜻한 빵", ("lovely-runner",), True, also="Warm Bread")
    count(db, [*heard(1, 2, 3, 4), *heard(1, 2, 3, run=hangul)])
    assert [one.title for one in proposals(db, catalogue, until=day(), days=7, least=3)] == ["Warm Bread"]


def test_what_has_joined_the_catalogue_is_not_proposed(db: Database, catalogue: Catalogue) -> None:
    count(db, heard(1, 2, 3))
    mine = Source("mine.toml", '[[song]]\nid = "warm-bread"\ntitle = "Warm  bread"\ndrama = "lovely-runner"\n')
    assert proposals(db, load_catalogue([mine]), until=day(), days=7, least=3) == []


def test_a_singer_or_drama_stands_in_the_entry_only_where_it_dominates(db: Database, catalogue: Catalogue) -> None:
    mixed = [Run("warmbread", "Warm Bread", (drama,), True) for drama in ("goblin", "lovely-runner", "queen-of-tears")]
    count(db, [each for n, run in enumerate(mixed) for each in heard(n, run=run)])
    [one] = proposals(db, catalogue, until=day(), days=7, least=3)
    assert one.sketch(catalogue).drama == ""
    count(db, heard(4, 5, 6, 7, run=Run("warmbread", "Warm Bread", ("queen-of-tears",), True, singers=("eclipse",))))
    [one] = proposals(db, catalogue, until=day(), days=7, least=3)
    assert (one.sketch(catalogue).drama, one.sketch(catalogue).artists) == ("queen-of-tears", ("eclipse",))


def test_posts_as_they_come_are_counted_under_their_titles(db: Database, catalogue: Catalogue) -> None:
    linker, known = Linker(catalogue), frozenset(Lexicon(catalogue).patterns)
    texts = [
        "Han Sol - Warm Bread (Lovely Runner OST Part 3)", "warm bread is on repeat, what an OST",
        "crying at “warm  bread” again #lovelyrunner #ost", "[MV] Han Sol _ WARM BREAD (Lovely Runner OST Part.3)",
    ]  # fmt: skip
    found = []
    for number, text in enumerate(texts):
        given = post(str(number), text)
        author = hash_author(b"k" * 32, given.platform, given.author or "")
        page = linker.examine(given).page
        found.append(Heard(day_label(day_of(given.known_at)), author, tuple(runs(page, known))))
    count(db, found)
    assert rows(db, "run, posts") == [("warmbread", 3)]


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue) -> Path:
    """A working directory with a database in which one title of a known drama and one of an unknown rose."""
    monkeypatch.chdir(tmp_path)
    database = open_db(tmp_path / "ostpulse.db")
    save_catalogue(database, catalogue, now=NOW)
    slow = Run("느린산책길", "느린 산책길", (), True, "", (), "한솔", "달빛 빵집")
    odd = Run("nodrama", "No Drama", (), True)
    count(database, [*heard(*range(9)), *heard(*range(6), run=slow), *heard(1, 2, 3, run=odd)])
    database.conn.close()
    return tmp_path


def ostpulse(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_discover_lists_the_titles_for_people_and_for_programs(at_home: Path) -> None:
    shown = ostpulse("discover")
    assert shown.exit_code == 0
    assert "Warm Bread" in shown.stdout
    assert "lovely-runner 9" in shown.stdout
    assert "no past yet" in shown.stdout
    said = json.loads(ostpulse("discover", "--json", "--least", 5).stdout)
    assert (said["until"], said["days"]) == (day(), 7)
    assert [(one["number"], one["title"], one["posts"]) for one in said["runs"]] == [
        (1, "Warm Bread", 9),
        (2, "느린 산책길", 6),
    ]
    assert said["runs"][0]["dramas"] == {"lovely-runner": 9}
    assert said["runs"][0]["people"] == pytest.approx(9, abs=1.5)
    assert said["runs"][0]["times_usual"] is None


def test_the_entry_of_a_known_drama_loads_as_it_is_and_ends_the_proposal(at_home: Path) -> None:
    done = ostpulse("discover", "--write", "mine.toml", "--run", 1)
    assert done.exit_code == 0, done.output
    assert 'files = ["mine.toml"]' in done.stdout
    grown = load_catalogue([Source("mine.toml", Path("mine.toml").read_text("utf-8"))])
    assert grown.songs["warm-bread"].drama == "lovely-runner"
    assert grown.songs["warm-bread"].hangul == "따뜻한 빵"
    assert "files = " not in Path("mine.toml").read_text("utf-8")
    Path("config.toml").write_text('[catalogue]\nfiles = ["mine.toml"]\n', "utf-8")
    assert "warm-bread" in ostpulse("songs", "Warm Bread").stdout
    assert [one["title"] for one in json.loads(ostpulse("discover", "--json").stdout)["runs"]] == [
        "느린 산책길",
        "No Drama",
    ]


def test_entries_are_added_and_what_stands_in_the_file_stays(at_home: Path) -> None:
    before = '# my own songs\n[[artist]]\nid = "han-sol"\nname = "Han Sol"\n'
    Path("mine.toml").write_text(before, "utf-8")
    assert ostpulse("discover", "--write", "mine.toml", "--run", 1).exit_code == 0
    assert ostpulse("discover", "--write", "mine.toml", "--run", 2).stderr == ""
    text = Path("mine.toml").read_text("utf-8")
    assert text.startswith(before)
    grown = load_catalogue([Source("mine.toml", text)])
    assert grown.songs["warm-bread"].artists == ("han-sol",)
    slow = grown.songs["neurin-sanchaekgil"]
    assert grown.dramas[slow.drama].title == "달빛 빵집"
    assert [grown.artists[artist].name for artist in slow.artists] == ["한솔"]
    again = ostpulse("discover", "--write", "mine.toml", "--run", 1)
    assert again.exit_code == 2
    assert again.stderr == "mine.toml: the song 'warm-bread' has the title 'Warm Bread' already\n"
    assert Path("mine.toml").read_text("utf-8") == text


def test_a_title_without_a_drama_is_written_as_a_comment(at_home: Path) -> None:
    done = ostpulse("discover", "--write", "mine.toml", "--run", 3)
    assert "its drama is not known" in done.stdout
    text = Path("mine.toml").read_text("utf-8")
    assert all(line.startswith("#") for line in text.splitlines())
    assert load_catalogue([Source("mine.toml", text)]).songs


def test_a_file_that_cannot_be_read_is_not_written_to(at_home: Path) -> None:
    Path("mine.toml").write_text("[[song]]\nid = \n", "utf-8")
    done = ostpulse("discover", "--write", "mine.toml", "--run", 1)
    assert done.exit_code == 2
    assert done.stderr.startswith("mine.toml: ")
    assert Path("mine.toml").read_text("utf-8") == "[[song]]\nid = \n"
    Path("binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OwnCatalogueError, match="is not UTF-8 text"):
        append(Path("binary.toml"), "", ())


def test_wrong_numbers_are_said_in_one_line(at_home: Path) -> None:
    for arguments, said in (
        (("--write", "mine.toml", "--run", 9), "--run: there is no number 9; `ostpulse discover` lists 3\n"),
        (("--write", "mine.toml"), "--write: say which of the 3 titles with --run N\n"),
        (("--run", 1), "--run N says which title to write: it needs --write FILE\n"),
    ):
        done = ostpulse("discover", *arguments)
        assert (done.exit_code, done.stderr) == (2, said)
    assert not Path("mine.toml").exists()


def test_an_empty_database_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ostpulse("discover").exit_code == 2
    open_db(tmp_path / "ostpulse.db").conn.close()
    assert ostpulse("discover").stdout == "nothing counted yet: collect or import posts first\n"
    assert json.loads(ostpulse("discover", "--json").stdout) == {"until": None, "days": 7, "least": 3, "runs": []}
