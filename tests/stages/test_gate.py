"""The gate: how many errors and gaps close it, and what a school accepts for a time."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import verdict_words
from pipeline.accepted import read_accepted
from pipeline.accuracy.check import check
from pipeline.accuracy.loading import BackgroundImport, start_import
from pipeline.accuracy.rules import rules_folder
from pipeline.accuracy.verdicts import Gate, Verdicts
from pipeline.errors import SettingsWrong
from pipeline.landing.ingest import ingest
from pipeline.programme import Programme
from pipeline.reference import load_reference
from pipeline.warehouse.connection import open_warehouse
from tests.conftest import put
from tests.stages.schools import changed, files_of, results_of, roll_of

SCHOOL, OTHER = 990001, 990002
FIFTY = 50
NOT_A_UPN = {"upn": "123"}
Judge = Callable[..., Verdicts]


@pytest.fixture(scope="module")
def great_expectations() -> BackgroundImport:
    return start_import()


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    made = Programme(tmp_path)
    made.settings_file.touch()
    made.exports.mkdir()
    return made


@pytest.fixture
def con(programme: Programme) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(programme) as con:
        yield con


@pytest.fixture
def judge(
    programme: Programme, con: duckdb.DuckDBPyConnection, great_expectations: BackgroundImport
) -> Judge:
    """`judge("run", files, settings="…", accepted="…")`: take files in and check all."""

    def judged(
        run_id: str,
        files: dict[str, str | bytes] | None = None,
        settings: str = "",
        accepted: str | None = None,
        rules: Path | None = None,
    ) -> Verdicts:
        programme.settings_file.write_text(settings, encoding="utf-8")
        if accepted is not None:
            programme.corrections_file.write_text(accepted, encoding="utf-8")
        again = Programme(programme.folder)
        put(again, files or {})
        load_reference(con, again)
        ingest(con, again)
        return check(con, run_id, again, None, great_expectations, rules)

    return judged


def with_wrong(*numbers: int, pupils: int = FIFTY) -> dict[str, str | bytes]:
    """A school in which these pupils have a UPN that is none."""
    roll = changed(roll_of(SCHOOL, pupils), *numbers, **NOT_A_UPN)
    return files_of(SCHOOL, roll, results_of(SCHOOL, pupils))


def the_gate(verdicts: Verdicts) -> Gate:
    (gate,) = (g for g in verdicts.gates if g.school_id == SCHOOL)
    return gate


def test_one_pupil_in_fifty_may_have_an_error_and_two_may_not(judge: Judge) -> None:
    gate = the_gate(judge("1", with_wrong(7)))
    assert (gate.errors, gate.pupils_with_errors, gate.pupils_checked, gate.passed) == (
        *(1, 1, 50),
        True,
    )
    gate = the_gate(judge("2", {f"{SCHOOL}/1 roll.csv": with_wrong(7, 8)[f"{SCHOOL}/1 roll.csv"]}))
    assert (gate.errors, gate.pupils_with_errors, gate.passed) == (2, 2, False)
    limits = verdict_words.Limits(0.02, 0.9)
    assert verdict_words.why_closed(gate, limits) == [
        "2 of 50 pupils have an error (4%; up to 2% may)"
    ]


def test_a_programme_may_allow_none_or_more(judge: Judge) -> None:
    files = with_wrong(7)
    assert not the_gate(judge("1", files, "[gate]\npupils_with_errors = 0\n")).passed
    assert the_gate(judge("2", {}, "[gate]\npupils_with_errors = 0.1\n")).passed


def test_several_errors_of_one_pupil_are_one_pupil_with_errors(judge: Judge) -> None:
    files = files_of(
        SCHOOL,
        changed(roll_of(SCHOOL, FIFTY), 7, **NOT_A_UPN),
        changed(results_of(SCHOOL, FIFTY), 7, scale="percent", upn=""),
    )
    gate = the_gate(judge("1", files))
    assert gate.errors == 4
    assert gate.pupils_with_errors == 1
    assert gate.rows_not_loaded == 3


def test_a_row_that_names_nobody_is_a_pupil_of_its_own(judge: Judge) -> None:
    nobody = {"upn": "", "admission_number": "", "surname": "", "forename": ""}
    results = results_of(SCHOOL, FIFTY)
    results[4] |= nobody
    results[9] |= nobody
    gate = the_gate(judge("1", files_of(SCHOOL, roll_of(SCHOOL, FIFTY), results)))
    assert (gate.pupils_with_errors, gate.pupils_checked, gate.passed) == (2, 52, False)


def test_results_that_are_missing_close_the_gate_and_those_explained_do_not(judge: Judge) -> None:
    roll, results = roll_of(SCHOOL, 20), results_of(SCHOOL, 20)
    gone = [row for row in results if int(row["admission_number"]) > 3]
    gate = the_gate(judge("1", files_of(SCHOOL, roll, gone)))
    assert (gate.results_due, gate.results_present, gate.complete_enough) == (60, 51, False)
    assert not gate.passed and gate.errors == 0
    absent = changed(results, 1, 2, 3, outcome="A")
    gate = the_gate(judge("2", files_of(SCHOOL, roll, absent, "2")))
    assert (gate.results_present, gate.results_explained, gate.passed) == (51, 9, True)
    blank = changed(results, 1, 2, 3, outcome="")
    gate = the_gate(judge("3", files_of(SCHOOL, roll, blank, "3")))
    assert gate.results_explained in (0, 9)


def test_a_school_that_has_sent_only_its_roll_falls_short_of_nothing(judge: Judge) -> None:
    name = f"{SCHOOL}/1 roll.csv"
    files = {name: files_of(SCHOOL, roll_of(SCHOOL, 5), [])[name]}
    gate = the_gate(judge("1", files))
    assert (gate.results_present, gate.passed) == (0, True)


def test_an_error_of_a_whole_year_group_closes_the_gate_alone(judge: Judge) -> None:
    results = [row for row in results_of(SCHOOL, FIFTY) if row["subject"] != "writing"]
    settings = "[gate]\npupils_with_errors = 0.9\nresults_accounted_for = 0\n"
    gate = the_gate(judge("1", files_of(SCHOOL, roll_of(SCHOOL, FIFTY), results), settings))
    assert (gate.whole_errors, gate.pupils_with_errors, gate.passed) == (1, 0, False)


def test_what_a_rule_tolerates_is_listed_and_closes_nothing(judge: Judge, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    text = (rules_folder() / "upn_format.sql").read_text(encoding="utf-8")
    text = text.replace('-- counts = "pupil"', '-- counts = "pupil"\n-- tolerance = 0.1')
    (folder / "upn_format.sql").write_text(text, encoding="utf-8")
    strict = "[gate]\npupils_with_errors = 0\n"
    gate = the_gate(judge("1", with_wrong(1, 2, 3, 4, 5), strict, rules=folder))
    assert (gate.errors, gate.pupils_with_errors, gate.passed) == (5, 0, True)
    roll = with_wrong(1, 2, 3, 4, 5, 6)[f"{SCHOOL}/1 roll.csv"]
    gate = the_gate(judge("2", {f"{SCHOOL}/1 roll.csv": roll}, strict, rules=folder))
    assert (gate.errors, gate.pupils_with_errors, gate.passed) == (6, 6, False)


def test_a_question_to_the_head_counts_apart_and_never_closes_the_gate(
    judge: Judge, tmp_path: Path
) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    text = (rules_folder() / "upn_format.sql").read_text(encoding="utf-8")
    text = text.replace('severity = "error"', 'severity = "note"').replace(
        '-- counts = "pupil"', '-- counts = "pupil"\n-- audience = "head and data lead"'
    )
    (folder / "upn_format.sql").write_text(text, encoding="utf-8")
    verdicts = judge("1", with_wrong(1, 2, 3), "[gate]\npupils_with_errors = 0\n", rules=folder)
    gate = the_gate(verdicts)
    assert (gate.questions, gate.notes, gate.errors, gate.passed) == (3, 0, 0, True)
    assert verdicts.questions == 3


ENTRY = """
[[accepted]]
rule = "upn_format"
school = 990001
academic_year = "2025-26"
term = "autumn"
pupil = "0007"
reason = "The local authority has been asked for the number."
until = {until}
"""


def accepted_keys(con: duckdb.DuckDBPyConnection) -> list[Any]:
    return con.execute("select issue_key from accuracy.issue where accepted").fetchall()


def test_an_accepted_issue_stays_in_sight_and_does_not_count(
    judge: Judge, con: duckdb.DuckDBPyConnection
) -> None:
    files = with_wrong(7, 8)
    assert not the_gate(judge("1", files)).passed
    verdicts = judge("2", accepted=ENTRY.format(until="2999-07-31"))
    gate = the_gate(verdicts)
    assert (gate.errors, gate.accepted, gate.passed) == (1, 1, True)
    assert verdicts.accepted_notes == ()
    found = con.execute("select rows_failed, rows_accepted, passed from accuracy.outcome "
                        "where rule_code = 'upn_format'").fetchall()  # fmt: skip
    assert found == [(2, 1, False)]
    assert len(accepted_keys(con)) == 1


def test_after_its_day_an_accepted_issue_counts_again_and_that_is_told(judge: Judge) -> None:
    verdicts = judge("1", with_wrong(7, 8), accepted=ENTRY.format(until="2020-07-31"))
    assert (the_gate(verdicts).errors, the_gate(verdicts).passed) == (2, False)
    (note,) = verdicts.accepted_notes
    assert "accepted issue 1 (upn_format) held until 31/07/2020: 1 issue counts again" in note
    assert "0007" not in note


def test_an_issue_is_accepted_by_the_key_of_the_fix_list_too(
    judge: Judge, con: duckdb.DuckDBPyConnection
) -> None:
    judge("1", with_wrong(7, 8))
    keys = con.execute("select issue_key from accuracy.issue order by 1").fetchall()
    entry = f'[[accepted]]\nissue = "{keys[0][0]}"\nreason = "known"\nuntil = 2999-01-01\n'
    judge("2", accepted=entry)
    assert accepted_keys(con) == [keys[0]]


@pytest.mark.parametrize(
    ("given", "other", "told"),
    [
        ('"0007"', '"0009"', "matches nothing any longer"),
        ('"upn_format"', '"class_missing"', "matches nothing any longer"),
        ('"upn_format"', '"Thistlewick"', "accepted issue 1 names a rule that there is not"),
        ('"autumn"', '"spring"', "matches nothing any longer"),
        ("990001", "990003", "matches nothing any longer"),
        ('pupil = "0007"', "", "matches nothing any longer"),
    ],
)
def test_an_entry_accepts_nothing_else_and_is_told_where_it_matches_nothing(
    judge: Judge, con: duckdb.DuckDBPyConnection, given: str, other: str, told: str
) -> None:
    entry = ENTRY.format(until="2999-07-31").replace(given, other)
    verdicts = judge("1", with_wrong(7), accepted=entry)
    assert accepted_keys(con) == []
    (note,) = verdicts.accepted_notes
    assert told in note and "Thistlewick" not in note


WRONG = {
    "accepted 1: 'until' is missing": ("until = 2999-07-31", ""),
    "accepted 1: 'until' is not a day": ("2999-07-31", '"soon, says Thistlewick"'),
    "accepted 1: 'reason' is missing": ("reason", "# reason"),
    "accepted 1: 'school' is not a URN": ("990001", '"Thistlewick"'),
    "accepted 1: neither 'issue' nor all of": ('rule = "upn_format"', ""),
    "accepted 1: 'issue' says which; take out 'rule'": (
        "[[accepted]]",
        '[[accepted]]\nissue = "0123456789abcdef"',
    ),
    "accepted 1: 'issue' is not the key": ("[[accepted]]", '[[accepted]]\nissue = "Thistlewick"'),
    "accepted 1: 'wherefore' is not a key": ("reason", "wherefore"),
}


@pytest.mark.parametrize("told", WRONG)
def test_a_wrong_key_of_an_accepted_issue_is_named_and_no_value(tmp_path: Path, told: str) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(ENTRY.format(until="2999-07-31").replace(*WRONG[told]), encoding="utf-8")
    with pytest.raises(SettingsWrong, match=f"corrections.toml: .*{told}") as wrong:
        read_accepted(path)
    assert not any(word in str(wrong.value) for word in ("0007", "Thistlewick"))


def test_a_row_not_loaded_is_known_again_on_another_line(
    judge: Judge, con: duckdb.DuckDBPyConnection
) -> None:
    roll, results = roll_of(SCHOOL, 9), changed(results_of(SCHOOL, 9), 3, 7, scale="percent")
    judge("1", files_of(SCHOOL, roll, results))
    keys = (
        "select issue_key, first_run from accuracy.issue where rule_code = 'row_scale' order by 1"
    )
    before = con.execute(keys).fetchall()
    assert len(before) == 6
    turned = changed(results, 3, scale="ta")[::-1]
    judge("2", files_of(SCHOOL, roll, turned, "2"))
    after = con.execute(keys).fetchall()
    assert len(after) == 3 and set(after) <= set(before)


def test_what_is_mended_stays_known_with_the_run_that_no_longer_found_it(
    judge: Judge, con: duckdb.DuckDBPyConnection
) -> None:
    history = (
        "select line, first_run, last_run, mended_run from audit.issue_history "
        "where rule_code = 'upn_format' order by line"
    )
    name = f"{SCHOOL}/1 roll.csv"
    judge("1", with_wrong(7, 8))
    judge("2", {name: with_wrong(8, 9)[name]})
    assert con.execute(history).fetchall() == [
        (8, "1", "1", "2"),
        (9, "1", "2", None),
        (10, "2", "2", None),
    ]
    others = changed(roll_of(SCHOOL, FIFTY), 7, 8, **NOT_A_UPN)
    third = changed(others, 8, class_name="Merlin")
    judge("3", files_of(SCHOOL, third, [], "4"))
    assert con.execute(history).fetchall() == [
        (8, "1", "3", None),
        (9, "1", "3", None),
        (10, "2", "2", "3"),
    ]
    verdicts = "select run_id, passed, errors from audit.verdict_history order by run_id"
    assert con.execute(verdicts).fetchall() == [("1", False, 2)]
    judge("4", {f"{SCHOOL}/5 roll.csv": with_wrong()[name]})
    assert con.execute(verdicts).fetchall() == [("1", False, 2), ("4", True, 0)]


def test_the_verdict_of_one_school_says_nothing_of_another(judge: Judge) -> None:
    files = with_wrong(1, 2, 3) | files_of(OTHER, roll_of(OTHER, 9), results_of(OTHER, 9))
    verdicts = judge("1", files)
    assert {g.school_id: g.passed for g in verdicts.gates} == {SCHOOL: False, OTHER: True}


def test_a_share_never_looks_like_enough_where_it_is_not() -> None:
    assert verdict_words.share(979_999, 1_000_000) == "97.9%"
    assert verdict_words.share(98, 100) == "98%"
    assert verdict_words.share(999_999, 1_000_000) == "99.9%"
    assert verdict_words.share(0, 0) == "–"
