"""`corrections.toml`: a known error is read as what is right, only where it stands as expected."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.errors import SettingsWrong
from pipeline.landing.corrections import (
    apply_corrections,
    correction_notes,
    corrections_fingerprint,
    read_corrections,
)
from pipeline.landing.ingest import run_sql
from pipeline.landing.stage import make_stage
from pipeline.programme import Programme
from pipeline.reference import load_reference
from pipeline.warehouse.connection import open_scratch
from pipeline.warehouse.query import insert_rows
from pipeline.warehouse.tables import create_all
from tests.stages.landed import row, warehouse_of

SCHOOL = '[[school]]\nurn = 990001\nlaestab = 9992001\nname = "Marrowby Invented Primary"\n'
ONE = """
[[correction]]
school = 990001
pupil = "0042"
subject = "maths"
column = "outcome"
expect = "EXP"
value = "EXS"
reason = "a slip of the finger"
"""
SENT = {
    "item": 1,
    "school": "990001",
    "academic_year": "2025/2026",
    "term": "Autumn",
    "admission_number": "0042",
    "upn": "a999000100001",
    "surname": "Thistlewick",
    "subject": "Maths",
    "outcome": "EXP",
}


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    programme = Programme(tmp_path)
    programme.settings_file.write_text(SCHOOL, encoding="utf-8")
    made = open_scratch(programme)
    create_all(made)
    load_reference(made, programme)
    run_sql(made, "macros")
    yield made
    made.close()


def file_of(folder: Path, text: str) -> Path:
    path = folder / "corrections.toml"
    path.write_text(text, encoding="utf-8")
    return path


def corrected(
    con: duckdb.DuckDBPyConnection, path: Path, *rows: dict[str, Any], column: str = "outcome"
) -> list[tuple[Any, ...]]:
    """What a column is read as in each row, and what is kept of what was sent."""
    make_stage(con)
    staged = [SENT | {"file_id": 1, "line": line} | r for line, r in enumerate(rows, start=2)]
    names = list(dict.fromkeys(name for one in staged for name in one))
    insert_rows(con, "stage", names, [[one.get(n) for n in names] for one in staged])
    apply_corrections(con, read_corrections(path))
    sql = f'select "{column}", as_sent from stage order by line, item'
    return con.execute(sql).fetchall()


def test_the_expected_text_is_read_as_what_is_right_and_kept_as_sent(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = corrected(
        con, file_of(tmp_path, ONE), {}, {"outcome": " exp "}, {"as_sent": "sex: Girl"}
    )
    assert rows == [
        ("EXS", "outcome: EXP"),
        ("EXS", "outcome:  exp "),
        ("EXS", "sex: Girl\noutcome: EXP"),
    ]
    applied = "select file_id, line, item from landing.correction order by line"
    assert con.execute(applied).fetchall() == [(1, 2, 1), (1, 3, 1), (1, 4, 1)]


@pytest.mark.parametrize(
    "other",
    [
        {"outcome": "WTS"},
        {"outcome": None},
        {"admission_number": "42"},
        {"admission_number": None},
        {"school": "990002"},
        {"school": "not a number"},
        {"subject": "reading"},
        {"aside": "a total"},
    ],
    ids=str,
)
def test_a_correction_leaves_every_other_row_alone(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, other: dict[str, Any]
) -> None:
    before = (SENT | other)["outcome"]
    assert corrected(con, file_of(tmp_path, ONE), other) == [(before, None)]
    assert con.execute("select * from landing.correction").fetchall() == []


@pytest.mark.parametrize(
    ("more", "applies"),
    [
        ('term = "autumn"', True),
        ('term = "spring"', False),
        ('academic_year = "2025-26"', True),
        ('academic_year = "2024-25"', False),
        ('assessment = ""', True),
        ('assessment = "Mock"', False),
        ('upn = "A999000100001"', True),
        ('upn = "B999000100001"', False),
    ],
)
def test_a_correction_of_one_term_or_test_is_for_no_other(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, more: str, applies: bool
) -> None:
    [(outcome, _)] = corrected(con, file_of(tmp_path, ONE + more), {})
    assert outcome == ("EXS" if applies else "EXP")


def test_a_school_is_meant_by_either_of_its_numbers_and_a_pupil_by_the_upn_alone(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    by_upn = ONE.replace('pupil = "0042"', 'upn = "A 999000100001"').replace("990001", "9992001", 1)
    rows = corrected(con, file_of(tmp_path, by_upn), {}, {"school": "999/2001"})
    assert [outcome for outcome, _ in rows] == ["EXS", "EXS"]


def test_a_blank_can_be_expected_and_a_text_be_blanked(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = file_of(tmp_path, ONE.replace('"EXP"', '""'))
    assert corrected(con, path, {"outcome": None}) == [("EXS", "outcome: ")]
    path = file_of(tmp_path, ONE.replace('"EXS"', '""'))
    assert corrected(con, path, {}) == [("", "outcome: EXP")]


def test_a_fact_of_a_pupil_is_corrected_on_each_result_of_a_wide_row(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    text = ONE.replace('subject = "maths"', "").replace("outcome", "surname")
    path = file_of(tmp_path, text.replace("EXP", "thistlewick").replace("EXS", "Thistlewyck"))
    rows = corrected(con, path, {"line": 2}, {"line": 2, "item": 2}, column="surname")
    assert [surname for surname, _ in rows] == ["Thistlewyck"] * 2


def test_two_corrections_of_one_value_are_not_applied_one_after_the_other(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    chain = ONE.replace('"EXS"', '"GDS"').replace('"EXP"', '"EXS"')
    path = file_of(tmp_path, ONE + chain)
    assert [o for o, _ in corrected(con, path, {}, {"outcome": "EXS"})] == ["EXS", "GDS"]


def test_a_correction_that_no_longer_applies_is_told_without_a_pupil(tmp_path: Path) -> None:
    corrections = read_corrections(file_of(tmp_path, ONE + ONE.replace('"0042"', '"0043"')))
    with warehouse_of([row()], [row(forename="Bo", surname="Mosscombe")]) as made:
        notes = correction_notes(made, corrections)
        assert [note.split(":")[1][:33] for note in notes] == [
            " correction 1 (column outcome) no",
            " correction 2 (column outcome) no",
        ]
        assert not any(word in " ".join(notes) for word in ("0042", "EXP", "Thistlewick"))
        made.execute("insert into landing.correction values (?, 1, 2, 1)", [corrections[0].key])
        [note] = correction_notes(made, corrections)
        assert "correction 2" in note
        assert "no row that it names" in note


def test_a_correction_of_a_row_that_was_replaced_or_withdrawn_is_told(tmp_path: Path) -> None:
    [one] = corrections = read_corrections(file_of(tmp_path, ONE))
    first, second = [row(admission_number="1")], [row(admission_number="1", outcome="GDS")]
    rolls = [row("roll", admission_number="1")], [row("roll", admission_number="1", sex="F")]
    for files, withdrawn, said in (
        ((first, second), (), "a later file has replaced"),
        (rolls, (), "a later file has replaced"),
        ((first,), (1,), "no row that it names"),
    ):
        item = 0 if files is rolls else 1
        with warehouse_of(*files, withdrawn=withdrawn) as made:
            made.execute(f"insert into landing.correction values ('{one.key}', 1, 2, {item})")
            [note] = correction_notes(made, corrections)
            assert said in note


def test_files_are_read_again_when_what_is_corrected_changes(tmp_path: Path) -> None:
    nothing = corrections_fingerprint(tmp_path / "corrections.toml")
    one = corrections_fingerprint(file_of(tmp_path, ONE))
    assert nothing == corrections_fingerprint(file_of(tmp_path, "# nothing yet\n")) != one
    assert one == corrections_fingerprint(file_of(tmp_path, ONE.replace("a slip", "a typing slip")))
    accepted = '\n[[accepted]]\nissue = "0123456789abcdef"\nreason = "known"\n'
    assert one == corrections_fingerprint(file_of(tmp_path, ONE + accepted))
    assert one != corrections_fingerprint(file_of(tmp_path, ONE.replace('"EXS"', '"GDS"')))


WRONG = {
    "correction 1: 'colum' is not a key": ('column = "outcome"', 'colum = "outcome"'),
    "correction 1: 'column' is missing": ('column = "outcome"', ""),
    "correction 1: 'reason' is missing": ('reason = "a slip of the finger"', ""),
    "correction 1: 'expect' is missing": ('expect = "EXP"', ""),
    "correction 1: 'school' is not a URN": ("990001", '"Thistlewick"'),
    "correction 1: 'pupil' is not what is expected": ('"0042"', "42"),
    "correction 1: neither 'pupil' \\(admission number\\) nor 'upn'": ('pupil = "0042"', ""),
    "correction 1: 'column' is not the name of a standard": ('"outcome"', '"Thistlewick"'),
    "correction 1: 'term' is not autumn": (
        "[[correction]]",
        '[[correction]]\nterm = "Thistlewick"',
    ),
    "correction 1: 'academic_year' is not": (
        "[[correction]]",
        "[[correction]]\nacademic_year = 2025",
    ),
    "correction 1: 'expect' and 'value' are the same": ('"EXP"', '" EXS"'),
    "'corrections' is not a key": ("[[correction]]", "[[corrections]]"),
    "'correction' is not a list": ("[[correction]]", "[correction]"),
    "not TOML \\(at line 2": ("[[correction]]", "[[correction"),
}


@pytest.mark.parametrize("told", WRONG)
def test_a_wrong_key_is_named_with_the_number_of_its_correction(tmp_path: Path, told: str) -> None:
    path = file_of(tmp_path, ONE.replace(*WRONG[told]))
    with pytest.raises(SettingsWrong, match=f"corrections.toml: .*{told}") as wrong:
        read_corrections(path)
    assert not any(word in str(wrong.value) for word in ("0042", "EXP", "Thistlewick"))


def test_every_wrong_key_is_named_at_once_and_the_same_correction_twice(tmp_path: Path) -> None:
    two = ONE.replace("column", "colum") + ONE.replace("reason", "because")
    with pytest.raises(SettingsWrong, match=r"correction 1.*correction 2"):
        read_corrections(file_of(tmp_path, two))
    again = ONE + ONE.replace("a slip", "another slip")
    with pytest.raises(SettingsWrong, match="correction 2 says the same as correction 1"):
        read_corrections(file_of(tmp_path, again))
    (tmp_path / "corrections.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsWrong, match="UTF-8"):
        read_corrections(tmp_path / "corrections.toml")
