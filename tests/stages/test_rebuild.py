"""The warehouse made anew holds what it held, ids included, from the archive and the ledger."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.errors import SettingsWrong, SurroundingsWrong
from pipeline.landing.removed import withdraw
from pipeline.programme import Programme
from pipeline.rebuild import put_in_place, rebuild
from pipeline.run import run
from pipeline.warehouse.connection import open_warehouse
from tests.every_kind import SETTINGS, content, exports

Make = Callable[..., Any]
Ask = Callable[..., list[tuple[Any, ...]]]
ALL = ("reference", "landing", "core", "accuracy", "progress")
STAGES = ("ingest", "check", "flag")
CORRECTIONS = """
[[correction]]
school = 990001
academic_year = "2025-26"
term = "spring"
pupil = "0002"
column = "outcome"
expect = "GDS"
value = "EXS"
reason = "The school wrote on 3 March that this was entered for another child."
"""


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory, programme_in: Make) -> Programme:
    """Files of every kind, some refused, two withdrawn, one of them not for the first time."""
    folder = tmp_path_factory.mktemp("lived in") / "programme"
    programme: Programme = programme_in(folder, exports(), SETTINGS)
    run(programme, STAGES)
    withdraw(programme, "2025-26-spring/990002/9 same bytes.csv")
    run(programme, ("ingest",))
    kept = programme.removed_file.read_text(encoding="utf-8")
    programme.removed_file.write_text("", encoding="utf-8")
    run(programme, ("ingest",))
    programme.removed_file.write_text(kept, encoding="utf-8")
    withdraw(programme, "2025-26-autumn/990003/4 marks.xlsx [Larks]")
    (folder / "corrections.toml").write_text(CORRECTIONS, encoding="utf-8")
    run(programme, STAGES)
    return programme


@pytest.fixture
def programme(lived_in: Programme, tmp_path: Path) -> Programme:
    """The same folder, to be done with as a test likes."""
    shutil.copytree(lived_in.folder, tmp_path / "programme")
    return Programme(tmp_path / "programme")


def test_every_table_is_the_same_though_the_exports_are_gone(programme: Programme) -> None:
    before, ledger = content(programme, ALL), programme.ledger.read_bytes()
    assert len(before["core.result"]) > 20
    assert {row[7] for row in before["landing.export_file"]} == {"loaded", "refused", "withdrawn"}
    shutil.rmtree(programme.exports)
    rebuilt = rebuild(programme)
    after = content(programme, ALL)
    assert [name for name in before if before[name] != after[name]] == []
    assert programme.ledger.read_bytes() == ledger
    assert (rebuilt.exit_code, rebuilt.history_lost) == (run(programme, ("check",)).exit_code, [])
    assert not programme.private.exists()


def test_runs_and_the_first_finding_of_each_issue_are_kept(programme: Programme, ask: Ask) -> None:
    runs = "select run_id from audit.run order by 1"
    first = "select issue_key, first_run from accuracy.issue order by 1"
    history = "select issue_key, first_run, mended_run from audit.issue_history order by 1"
    verdicts = "from audit.verdict_history order by all"
    before = ask(programme, runs), ask(programme, first)
    kept = ask(programme, history), ask(programme, verdicts)
    assert any(mended for _, _, mended in kept[0])
    rebuilt = rebuild(programme)
    assert (ask(programme, history), ask(programme, verdicts)) == kept
    assert ask(programme, runs) == [*before[0], (rebuilt.run_id,)]
    assert ask(programme, first) == before[1]
    outcome = "select ended_at is not null from audit.run order by run_id desc limit 1"
    assert ask(programme, outcome) == [(True,)]


def test_what_is_new_in_the_exports_waits_for_the_next_run(
    programme: Programme, results: Make, ask: Ask
) -> None:
    (programme.exports / "new.csv").write_text(results({}), encoding="utf-8")
    before = content(programme)
    rebuild(programme)
    assert content(programme) == before


def test_a_lost_warehouse_is_made_anew_and_its_old_log_is_not_read_into_it(
    programme: Programme,
) -> None:
    before = content(programme, ALL)
    programme.warehouse.replace(programme.warehouse.with_name("warehouse.duckdb.wal"))
    rebuild(programme)
    after = content(programme, ALL)
    first_found = ("accuracy.issue",)
    assert [n for n in before if before[n] != after[n] and n not in first_found] == []


def test_a_warehouse_of_another_version_is_no_obstacle(programme: Programme, ask: Ask) -> None:
    before = content(programme)
    with open_warehouse(programme) as con:
        con.execute("update audit.schema_version set schema_version = 0, version = '0.0.1'")
        con.execute("alter table accuracy.issue drop column first_run")
        con.execute("alter table audit.run drop column academic_year")
    with pytest.raises(SettingsWrong, match="achievement rebuild FOLDER"):
        run(programme, ("ingest",))
    assert rebuild(programme).history_lost == ["accuracy.issue"]
    assert content(programme) == before
    assert ask(programme, "select count(*) > 4 from audit.run") == [(True,)]


def test_a_file_that_holds_another_programs_tables_is_left_alone(programme: Programme) -> None:
    programme.warehouse.unlink()
    with duckdb.connect(str(programme.warehouse)) as con:
        con.execute("create table theirs as select 1 as one")
    before = programme.warehouse.read_bytes()
    with pytest.raises(SettingsWrong, match="not this program's"):
        rebuild(programme)
    assert programme.warehouse.read_bytes() == before


def test_without_a_ledger_there_is_nothing_to_make_it_from(programme: Programme) -> None:
    before = content(programme)
    programme.ledger.unlink()
    with pytest.raises(SurroundingsWrong, match="Restore the archive folder"):
        rebuild(programme)
    assert content(programme) == before


def test_a_rebuild_that_fails_leaves_the_old_warehouse(programme: Programme, ask: Ask) -> None:
    before, runs = content(programme, ALL), ask(programme, "from audit.run order by all")
    lost = next(programme.archive.glob("*.xlsx"))
    shutil.rmtree(programme.exports)
    lost.unlink()
    with pytest.raises(SurroundingsWrong, match="Restore the archive"):
        rebuild(programme)
    assert content(programme, ALL) == before
    assert ask(programme, "from audit.run order by all") == runs
    assert not programme.private.exists()


def test_a_warehouse_that_cannot_be_replaced_is_named(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    aside = tmp_path / "aside.duckdb"
    aside.write_bytes(b"new")
    (programme.warehouse / "in the way").mkdir(parents=True)
    with pytest.raises(SurroundingsWrong, match=r"^warehouse\.duckdb: cannot be replaced"):
        put_in_place(aside, programme)


def test_another_process_finds_that_nothing_is_to_be_read_again(
    programme: Programme, command: Make
) -> None:
    for seed in ("1", "2"):  # in which order a set is written
        ran = command("ingest", programme.folder, PYTHONHASHSEED=seed)
        assert "Read: 0 files loaded" in ran.err
        assert "read again" not in ran.err


def test_the_command_says_what_it_made(programme: Programme, command: Make) -> None:
    ran = command("rebuild", programme.folder)
    assert ran.code == run(programme, ("check",)).exit_code
    assert "The warehouse was made anew" in ran.err
    assert "Read: 0 files loaded" in ran.err
