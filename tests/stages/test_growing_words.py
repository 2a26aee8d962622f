"""Subjects and scales of a programme become words of the warehouse, and stay so."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.reference import load_reference
from pipeline.warehouse.growing import take_up_words
from tests.stages.progress_house import House, insert, open_house, result, rows_of

LIST = "select enum_range(null::words.subject) as words"
STORED = """
select table_name, data_type, is_nullable, comment
from duckdb_columns()
where column_name = 'subject' and data_type like 'ENUM%'
order by all
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        yield house


def words(con: duckdb.DuckDBPyConnection) -> list[str]:
    ((found,),) = con.execute(LIST).fetchall()
    assert isinstance(found, list)
    return found


def test_a_subject_that_settings_add_sorts_among_the_others(house: House) -> None:
    insert(house.con, "core.result", [result(1, "EXS"), result(2, "WTS", subject="writing")])
    before = rows_of(house.con, "from core.result order by pupil_id")
    house.tell('subjects = ["writing", "pottery", "maths", "o\'brien\'s art"]', {})
    load_reference(house.con, house.programme)
    assert rows_of(house.con, "from core.result order by pupil_id") == before
    insert(house.con, "core.result", [result(3, "EXS", subject="pottery")])
    kept = [r["subject"] for r in rows_of(house.con, "from core.result order by subject")]
    assert kept == ["maths", "pottery", "writing"]
    assert words(house.con) == sorted(words(house.con))
    assert {"o'brien's art", "pottery", "reading"} <= set(words(house.con))


def test_a_subject_or_scale_that_is_no_longer_named_stays_a_word(house: House) -> None:
    house.tell('subjects = ["maths", "pottery"]', {})
    load_reference(house.con, house.programme)
    insert(house.con, "core.result", [result(1, "EXS", subject="pottery")])
    house.tell("", {})
    load_reference(house.con, house.programme)
    assert rows_of(house.con, "select subject from core.result") == [{"subject": "pottery"}]


def test_columns_keep_what_else_is_said_of_them(house: House) -> None:
    told = rows_of(house.con, STORED)
    take_up_words(house.con, "subject", ["pottery"])
    grown = rows_of(house.con, STORED)
    but_type = [[r | {"data_type": ""} for r in rows] for rows in (told, grown)]
    assert told
    assert but_type[0] == but_type[1]
    assert {r["data_type"] for r in grown}.isdisjoint(r["data_type"] for r in told)


def test_what_is_not_committed_leaves_the_list_as_it_was(house: House) -> None:
    before = words(house.con)
    house.con.begin()
    take_up_words(house.con, "subject", ["pottery"])
    house.con.rollback()
    assert words(house.con) == before


def test_a_name_in_corrections_alone_is_no_subject(house: House) -> None:
    before = words(house.con)
    (house.folder / "corrections.toml").write_text(
        '[[accepted]]\nrule = "result_missing"\nschool = 990001\nacademic_year = "2025-26"\n'
        'term = "summer"\nsubject = "potery"\nreason = "told"\nby = "Nobody"\n'
        "until = 2099-01-01\n",
        encoding="utf-8",
    )
    load_reference(house.con, house.programme)
    assert words(house.con) == before
