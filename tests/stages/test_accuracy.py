"""The check: issues that keep their keys, gates, verdicts of Great Expectations, no pupil told."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.accuracy.check import check, disagreements
from pipeline.accuracy.document import PAGE, accuracy_page
from pipeline.accuracy.loading import BackgroundImport, start_import
from pipeline.accuracy.rules import read_rules, rules_folder
from pipeline.accuracy.verdicts import Verdicts, read_verdicts
from pipeline.errors import Defect, SettingsWrong
from pipeline.landing.ingest import ingest
from pipeline.landing.removed import withdraw
from pipeline.programme import Programme
from pipeline.reference import load_reference
from pipeline.warehouse.connection import open_warehouse
from tests.rules.school import Example, School, upn

SPRING = 3 * 2025 + 1
ADA_MATHS = {"file": "spring results", "forename": "Ada", "subject": "maths"}


@pytest.fixture(scope="module")
def great_expectations() -> BackgroundImport:
    return start_import()


WRONG = School(
    Example(
        "",
        "an outcome not on its scale, a scale not known, a blank and a row that is missing",
        0,
        (
            ADA_MATHS | {"set": {"outcome": "EXP"}},
            {"file": "spring results", "forename": "Ben", "subject": "maths"}
            | {"set": {"scale": "percent"}},
            {"file": "spring results", "forename": "Ben", "subject": "reading"}
            | {"set": {"outcome": ""}},
            {"file": "spring results", "forename": "Cleo", "subject": "writing", "how": "drop"},
        ),
    )
)
SOUND = School(Example("", "nothing is wrong", 1))
Connection = duckdb.DuckDBPyConnection


def programme_in(folder: Path) -> Programme:
    (folder / "pipeline.toml").touch()
    return Programme(folder)


def take_in(con: Connection, programme: Programme, *schools: School) -> None:
    load_reference(con, programme)
    for one in schools:
        one.write(programme.exports)
    ingest(con, programme)


@pytest.fixture(scope="module")
def checked(
    tmp_path_factory: pytest.TempPathFactory, great_expectations: BackgroundImport
) -> Iterator[tuple[Connection, Programme, Verdicts]]:
    """A school where four things are wrong in spring, beside a sound one."""
    programme = programme_in(tmp_path_factory.mktemp("checked"))
    with open_warehouse(programme) as con:
        take_in(con, programme, WRONG, SOUND)
        yield con, programme, check(con, "first", programme, None, great_expectations)


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    return programme_in(tmp_path)


@pytest.fixture
def con(programme: Programme) -> Iterator[Connection]:
    with open_warehouse(programme) as con:
        yield con


def school(*changes: dict[str, Any]) -> School:
    return School(Example("", "a school", 0, changes))


def send(programme: Programme, name: str, text: str) -> None:
    (programme.exports / f"{name}.csv").write_text(text, encoding="utf-8", newline="\n")


def text_of(programme: Programme, one: School, name: str) -> str:
    return (programme.exports / str(one.example.urn) / f"{name}.csv").read_text(encoding="utf-8")


def test_an_error_closes_the_gate_of_its_school_and_term_only(
    checked: tuple[Connection, Programme, Verdicts],
) -> None:
    verdicts = checked[2]
    told = {(g.school_id, g.term): (g.errors, g.warnings, g.passed) for g in verdicts.gates}
    assert told == {
        (WRONG.example.urn, "autumn"): (0, 0, True),
        (WRONG.example.urn, "spring"): (2, 3, False),
        (SOUND.example.urn, "autumn"): (0, 0, True),
        (SOUND.example.urn, "spring"): (0, 0, True),
    }
    assert [(g.school_id, g.term) for g in verdicts.failed] == [(WRONG.example.urn, "spring")]
    assert (verdicts.errors, verdicts.warnings, verdicts.notes) == (2, 3, 0)


def test_verdicts_may_be_those_of_one_term(
    checked: tuple[Connection, Programme, Verdicts],
) -> None:
    assert {g.term_no for g in read_verdicts(checked[0], SPRING).gates} == {SPRING}
    assert not read_verdicts(checked[0], SPRING - 1).failed


def test_a_gate_counts_the_results_that_are_due_and_those_that_are_there(
    checked: tuple[Connection, Programme, Verdicts],
) -> None:
    # Of nine, one row was rejected, one is blank and one is missing.
    gate = checked[2].failed[0]
    assert (gate.pupils_due, gate.results_due, gate.results_present) == (3, 9, 6)


def test_a_rule_counts_all_that_it_looked_at(
    checked: tuple[Connection, Programme, Verdicts],
) -> None:
    counted = checked[0].execute(
        "select rule_code, rows_checked, rows_failed from accuracy.outcome "
        "where term = 'spring' and school_id = ? "
        "and rule_code in ('row_scale', 'upn_format', 'two_results', 'result_missing')",
        [WRONG.example.urn],
    )
    assert sorted(counted.fetchall()) == [
        ("result_missing", 9, 2),
        ("row_scale", 11, 1),
        ("two_results", 7, 0),
        ("upn_format", 3, 0),
    ]


def test_great_expectations_says_of_every_rule_what_its_counts_say(
    checked: tuple[Connection, Programme, Verdicts],
) -> None:
    verdicts = dict(
        checked[0]
        .execute("select rule_code, passed from accuracy.verdict where rule_code is not null")
        .fetchall()
    )
    failed = {code for code, passed in verdicts.items() if not passed}
    assert failed == {"outcome_not_on_scale", "row_scale", "result_missing", "result_blank"}
    assert set(verdicts) == {rule.code for rule in read_rules(rules_folder())}


def test_the_counts_of_a_run_are_written_beside_its_log(
    checked: tuple[Connection, Programme, Verdicts],
) -> None:
    path = checked[1].folder / "logs" / "validation-first.json"
    found = json.loads(path.read_text(encoding="utf-8"))

    def rows(name: str) -> list[dict[str, Any]]:
        columns = found[name]["columns"]
        return [dict(zip(columns, row, strict=True)) for row in found[name]["rows"]]

    failed = {
        (o["rule_code"], o["term"], o["rows_failed"]) for o in rows("outcomes") if not o["passed"]
    }
    assert failed == {
        ("outcome_not_on_scale", "spring", 1),
        ("row_scale", "spring", 1),
        ("result_missing", "spring", 2),
        ("result_blank", "spring", 1),
    }
    assert {e["rule_code"] for e in rows("expectations") if not e["passed"]} == {
        code for code, _, _ in failed
    }
    assert [g["passed"] for g in rows("gates")] == [True, True, False, True]


def test_an_issue_keeps_its_key_and_its_first_run(
    con: Connection, programme: Programme, great_expectations: BackgroundImport
) -> None:
    take_in(con, programme, school(ADA_MATHS | {"set": {"outcome": "EXP"}}))
    columns = "select issue_key, first_run, last_run from accuracy.issue"
    check(con, "first", programme, None, great_expectations)
    (first,) = con.execute(columns).fetchall()
    check(con, "second", programme, None, great_expectations)
    assert con.execute(columns).fetchall() == [(first[0], "first", "second")]


def test_a_cause_is_told_once_and_says_for_how_many_it_stands(
    con: Connection, programme: Programme, great_expectations: BackgroundImport
) -> None:
    above = {"file": "spring roll", "set": {"date_of_birth": "2018-10-05"}}
    changes = above, ADA_MATHS | {"set": {"outcome": "EXP"}}
    take_in(con, programme, School(Example("", "a year above", 0, changes, pupils=12)))
    check(con, "first", programme, None, great_expectations)
    found = con.execute(
        "select rule_code, issues_explained, message from accuracy.issue "
        "where rule_code <> 'date_of_birth_changed' order by rule_code"
    ).fetchall()
    assert [row[:2] for row in found] == [("outcome_not_on_scale", 0), ("roll_over", 12)]
    assert "(12 of 12)" in found[1][2]
    assert found[1][2].endswith("explains 12 other issues, which are not listed one by one.")
    counted = con.execute(
        "select rule_code, rows_failed, passed from accuracy.outcome where term = 'spring' "
        "and rule_code in ('roll_over', 'year_group_age_above') order by rule_code"
    )
    assert counted.fetchall() == [("roll_over", 1, False), ("year_group_age_above", 0, True)]


def test_an_issue_keeps_its_key_when_its_file_is_withdrawn_and_sent_again(
    con: Connection, programme: Programme, great_expectations: BackgroundImport
) -> None:
    one = school(
        ADA_MATHS | {"set": {"outcome": "EXP"}}, {"file": "autumn roll", "set": {"sex": ""}}
    )
    take_in(con, programme, one)
    keys = "select issue_key, rule_code, term from accuracy.issue order by all"
    check(con, "first", programme, None, great_expectations)
    first = con.execute(keys).fetchall()
    assert first
    texts = {name: text_of(programme, one, name) for name in one.files}
    numbers = [n for (n,) in con.execute("select file_id from landing.export_file").fetchall()]
    for number in numbers:
        withdraw(programme, str(number))
    for name, text in texts.items():
        (programme.exports / str(one.example.urn) / f"{name}.csv").unlink()
        send(programme, f"{name} again", text + "\n\n")
    ingest(con, programme)
    check(con, "second", programme, None, great_expectations)
    assert con.execute("select min(file_id) > 4 from core.enrolment").fetchall() == [(True,)]
    assert con.execute(keys).fetchall() == first


def test_a_cause_hides_nothing_that_has_another_cause(
    con: Connection, programme: Programme, great_expectations: BackgroundImport
) -> None:
    def teachers(file: str) -> dict[str, Any]:
        return {"file": file, "set": {"teacher": "Mx Invented"}}

    gone = (
        *(teachers(f"autumn {what}") for what in ("roll", "results")),
        {"file": "spring roll", "forename": "Ada", "set": {"class_name": ""}},
        {"file": "spring results", "forename": "Ada", "set": {"class_name": ""}},
    )
    above = (
        {"file": "spring roll", "set": {"date_of_birth": "2018-10-05"}},
        {"file": "spring roll", "forename": "Ben", "set": {"date_of_birth": "2009-10-05"}},
    )
    take_in(
        con,
        programme,
        School(Example("", "no teachers any more", 0, gone)),
        School(Example("", "a year above", 1, above, pupils=12)),
    )
    check(con, "first", programme, None, great_expectations)
    told = {code for (code,) in con.execute("select rule_code from accuracy.issue").fetchall()}
    assert {"column_gone", "class_missing", "roll_over", "year_group_age"} <= told


def test_what_a_rule_tolerates_is_told_and_does_not_fail_it(
    con: Connection,
    programme: Programme,
    great_expectations: BackgroundImport,
    tmp_path: Path,
) -> None:
    take_in(con, programme, school())
    folder = tmp_path / "rules"
    folder.mkdir()
    query = """
        select school_id, academic_year, term, pupil_id
        from core.enrolment
        where forename = 'Ada'
    """
    for share, passed in ((0.5, True), (0.3, False)):
        text = f"{HEADER}-- tolerance = {share}\n{query}"
        (folder / "own.sql").write_text(text, encoding="utf-8")
        check(con, f"run {share}", programme, None, great_expectations, rules=folder)
        told = con.execute(
            "select distinct rows_checked, rows_failed, passed from accuracy.outcome"
        )
        assert told.fetchall() == [(3, 1, passed)]
        assert con.execute("select count(*) from accuracy.issue").fetchall() == [(2,)]


def test_a_file_sent_again_replaces_the_rows_that_could_not_be_loaded(
    con: Connection, programme: Programme, great_expectations: BackgroundImport
) -> None:
    one = school(ADA_MATHS | {"set": {"scale": "percent"}})
    take_in(con, programme, one)
    (gate,) = check(con, "first", programme, SPRING, great_expectations).gates
    assert not gate.passed
    mended = text_of(programme, one, "spring results").replace("percent", "ta")
    send(programme, "spring results sent again", mended)
    ingest(con, programme)
    (gate,) = check(con, "second", programme, SPRING, great_expectations).gates
    assert gate.passed


def test_a_row_without_a_school_is_an_issue_of_no_school(
    con: Connection, programme: Programme, great_expectations: BackgroundImport
) -> None:
    # The file holds rows of two schools, so the third row's may be either.
    take_in(con, programme, WRONG, SOUND)
    of_both = text_of(programme, WRONG, "spring roll").splitlines()[:3]
    of_both[2] = of_both[2].replace(str(WRONG.example.urn), "?")
    of_both += text_of(programme, SOUND, "spring roll").splitlines()[1:2]
    send(programme, "both", "\n".join(of_both))
    ingest(con, programme)
    verdicts = check(con, "first", programme, None, great_expectations)
    assert verdicts.unassigned == {"error": 1, "warning": 0, "note": 0}
    assert verdicts.errors == 3


def test_a_verdict_that_is_not_what_the_counts_say_is_told() -> None:
    verdicts = {"upn_format": True, "two_results": False, "row_term": True, None: True}
    assert disagreements(verdicts, {"upn_format"}) == ["two_results", "upn_format"]


def test_damaged_tables_stop_the_program_without_telling_values(
    con: Connection, programme: Programme, great_expectations: BackgroundImport
) -> None:
    take_in(con, programme, school())
    con.execute("insert into core.pupil select * from core.pupil")
    con.execute("alter table core.pupil_merge add column nickname varchar")
    con.execute("alter table core.enrolment alter column year_group type varchar")
    con.execute("update core.enrolment set year_group = '33'")
    con.execute("update landing.export_file set rows_read = rows_read + 1")
    with pytest.raises(Defect) as stopped:
        check(con, "first", programme, None, great_expectations)
    assert str(stopped.value) == (
        "Great Expectations: does not hold: core.pupil: key; core.pupil_merge: columns; "
        "core.enrolment: year_group known; "
        "landing.export_file: rows read are loaded, rejected or skipped"
    )


def test_no_pupil_is_told_in_what_a_check_leaves_behind(
    con: Connection,
    programme: Programme,
    great_expectations: BackgroundImport,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    everybody = {"file": "spring roll", "set": {"surname": "Canarybird", "class_name": "Kestrel"}}
    canaries = ["Canarybird", "Canarius", "2016-04-03", *(upn(0, p) for p in ("Ada", "Ben"))]
    wrong = {"forename": "Canarius", "date_of_birth": "2016-04-03", "sen": "Canarybird"}
    take_in(
        con,
        programme,
        school(
            everybody,
            {"file": "spring roll", "forename": "Ada", "set": wrong},
            ADA_MATHS | {"set": {"outcome": "Canarybird"}},
            {"file": "spring roll", "forename": "Ben", "set": {"upn": "Canarybird"}},
            {"file": "spring results", "forename": "Cleo", "set": {"scale": "Canarybird"}},
        ),
    )
    verdicts = check(con, "first", programme, None, great_expectations)
    assert verdicts.errors > 3
    left = [str(verdicts), caplog.text, *capfd.readouterr()]
    left += [p.read_text(encoding="utf-8") for p in (programme.folder / "logs").iterdir()]
    for table in ("rule", "outcome", "verdict", "gate", "issue"):
        left.append(str(con.execute(f"select * from accuracy.{table}").fetchall()))
    assert not [canary for canary in canaries if any(canary in text for text in left)]


HEADER = """-- one row is a pupil
-- code = "own"
-- title = "A rule"
-- severity = "error"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "Wrong."
-- several = "{count} are wrong."
-- fix = "Mend it."
-- why = "Because."
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("select 1", "expected a first line"),
        (HEADER, "expected a first line"),
        (HEADER.replace('"error"', '"fatal"') + "select 1", "'severity'"),
        (HEADER.replace("-- why", "-- wherefore") + "select 1", "'why': .*'wherefore'"),
        (HEADER.replace('"own"', '"another"') + "select 1", "expected 'own'"),
        (HEADER.replace("Wrong.", "{upn}") + "select 1", "no other braces"),
        (HEADER.replace('"own"', "own") + "select 1", "texts in quotes"),
        (HEADER.replace("{count} are", "Many are") + "select 1", r"must hold \{count\}"),
        (HEADER.replace("management", "another") + "select 1", "'system'"),
        (HEADER + '-- audience = "head and data lead"\nselect 1', "is a note"),
        (HEADER + '-- explains = ["nothing_known"]\nselect 1', "expected the code of a rule"),
        (HEADER + '-- explains = ["own"]\nselect 1', "expected a rule that explains no other"),
        (HEADER + "-- least = { pupils = 15 }\nselect 1", r"query as \$pupils"),
        (HEADER + "select pupil_id from core.pupil where pupil_id > $much", r"query as \$much"),
        (HEADER + "select nothing from core.pupil", "nothing"),
        (HEADER + "select upn from core.pupil", "returns 'upn'"),
        (HEADER + "select pupil_id, pupil_id from core.pupil", "returns a column twice"),
        (HEADER.replace("Wrong", "{found}") + "select pupil_id from core.pupil", "both"),
    ],
)
def test_a_rule_that_is_wrong_is_named(
    con: Connection,
    programme: Programme,
    great_expectations: BackgroundImport,
    tmp_path: Path,
    text: str,
    told: str,
) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "own.sql").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsWrong, match=rf"own\.sql: .*{told}"):
        check(con, "first", programme, None, great_expectations, rules=folder)


def test_a_rule_that_fails_on_the_data_tells_no_value_and_leaves_the_last_check(
    con: Connection,
    programme: Programme,
    great_expectations: BackgroundImport,
    tmp_path: Path,
) -> None:
    take_in(con, programme, school(ADA_MATHS | {"set": {"outcome": "EXP"}}))
    check(con, "first", programme, None, great_expectations)
    folder = tmp_path / "rules"
    folder.mkdir()
    query = "select pupil_id from core.pupil where cast(surname as integer) = 1"
    (folder / "own.sql").write_text(HEADER + query, encoding="utf-8")
    with pytest.raises(SettingsWrong, match=r"own\.sql: the query fails on the data") as stopped:
        check(con, "second", programme, None, great_expectations, rules=folder)
    assert "Invented" not in str(stopped.value)
    assert con.execute("select last_run from accuracy.issue").fetchall() == [("first",)]


def test_the_cursor_of_great_expectations_is_closed_after_use(con: Connection) -> None:
    from pipeline.accuracy.dialect import engine_arguments

    with engine_arguments(con) as arguments:
        cursor = arguments["creator"]().cursor()
        cursor.execute("select 1")
    with pytest.raises(duckdb.ConnectionException, match="closed"):
        cursor.execute("select 1")
    assert con.execute("select 1").fetchall() == [(1,)]


def test_a_folder_without_rules_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="no rule found"):
        read_rules(tmp_path)


def test_an_import_that_fails_is_told_to_whoever_waits_for_it() -> None:
    missing = BackgroundImport("no_such_module_anywhere")
    with pytest.raises(ModuleNotFoundError):
        missing.ready()


def test_the_page_of_rules_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == accuracy_page(read_rules(rules_folder()))
