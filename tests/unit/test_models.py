"""SQL models: what is made, and what need not be asked."""

from pathlib import Path

import duckdb
import pytest

from pipeline.warehouse.models import run_models
from pipeline.warehouse.tables import create_all

ROW = "select 1 as old_pupil_id, 2 as kept_pupil_id, 'told' as reason"
MERGES = "select old_pupil_id, kept_pupil_id, reason from core.pupil_merge order by all"


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    create_all(con)
    con.execute("create table asked (there integer)")
    return con


def write(folder: Path, name: str, query: str, *questions: str) -> None:
    lines = [
        "-- one row is two pupils found to be one",
        *(f"-- only where: {q}" for q in questions),
    ]
    (folder / name).write_text("\n".join([*lines, query]), encoding="utf-8")


def test_a_model_is_made_where_one_of_its_questions_finds_something(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(
        tmp_path, "10_core.pupil_merge.sql", ROW, "select 1 from asked", "select 1 from core.school"
    )
    con.execute("insert into asked values (1)")
    assert run_models(con, tmp_path) == 1
    assert con.execute(MERGES).fetchall() == [(1, 2, "told")]


def test_a_model_of_which_nothing_can_be_is_empty_and_what_was_in_it_is_gone(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con.execute("insert into core.pupil_merge values (3, 4, 'of an earlier run')")
    write(tmp_path, "10_core.pupil_merge.sql", ROW, "select 1 from asked")
    assert run_models(con, tmp_path) == 0
    assert con.execute(MERGES).fetchall() == []


def test_a_passing_table_of_which_nothing_can_be_may_still_be_asked(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path, "10_joined.temp.sql", ROW, "select 1 from asked")
    write(tmp_path, "20_core.pupil_merge.sql", "select * from joined")
    assert run_models(con, tmp_path) == 0
    assert con.execute(MERGES).fetchall() == []


def test_an_update_is_left_out_where_its_question_finds_nothing(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path, "10_core.pupil_merge.sql", ROW)
    change = "update core.pupil_merge set reason = 'changed'"
    write(tmp_path, "20_core.pupil_merge.update.sql", change, "select 1 from asked")
    run_models(con, tmp_path)
    assert con.execute(MERGES).fetchall() == [(1, 2, "told")]
    con.execute("insert into asked values (1)")
    run_models(con, tmp_path)
    assert con.execute(MERGES).fetchall() == [(1, 2, "changed")]


def test_a_model_may_keep_its_joins_as_they_are_written(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    setting = "cast(current_setting('disabled_optimizers') as varchar)"
    told = f"select 1 as old_pupil_id, 2 as kept_pupil_id, {setting} as reason"
    con.execute("set disabled_optimizers = 'in_clause'")
    for folder, lines in (("free", []), ("kept", ["-- joins as written"])):
        (tmp_path / folder).mkdir()
        text = "\n".join(["-- one row is two pupils found to be one", *lines, told])
        (tmp_path / folder / "10_core.pupil_merge.sql").write_text(text, encoding="utf-8")
        run_models(con, tmp_path / folder)
        ((reason,),) = con.execute("select reason from core.pupil_merge").fetchall()
        assert ("build_side_probe_side" in reason) is (folder == "kept")
        assert con.execute(f"select {setting}").fetchall() == [("in_clause",)]
