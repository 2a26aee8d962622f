"""The evaluators' file: what it holds, what can't get into it, and the key to its pseudonyms."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.errors import Defect, SettingsWrong, WrongUsage
from pipeline.evaluation.about import Release, dictionary_rows, release_row
from pipeline.evaluation.allow_list import PROGRAM, read_allow_list
from pipeline.evaluation.key import export_key, import_key, make_key, read_key
from pipeline.evaluation.known import make_known
from pipeline.evaluation.publish import publish
from pipeline.evaluation.search import search_finished
from pipeline.evaluation.sieve import make_sieve
from pipeline.programme import Programme
from pipeline.progress.flag import VIEWS
from pipeline.reference import load_reference
from pipeline.resources import resource
from pipeline.run import run
from pipeline.warehouse.connection import open_warehouse
from pipeline.warehouse.models import run_models
from pipeline.warehouse.tables import Column, tables

ALLOWED = read_allow_list()
CANARY = "Canarywick"
AUTUMN, SPRING = 3 * 2025, 3 * 2025 + 1
TERM = {AUTUMN: "autumn", SPRING: "spring"}
PUPILS = [  # pupil_id, surname, forename, sex, school
    (10001, "Thistlewick", "Zoë", "F", 990001),
    (10002, "O'Quillan", "Bram", "M", 990001),
    (10003, "Spring", "Autumn", "F", 990002),
    (10004, "Reading", "May", None, 990002),
]
# The same rule's wording would be written by the accuracy stage.
RULE = ("upn_format", "UPN in the right format", "error")


def put(con: duckdb.DuckDBPyConnection, table: str, **values: Any) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    places = ", ".join("?" for _ in values)
    con.execute(f"insert into {table} ({names}) values ({places})", list(values.values()))


def fill(con: duckdb.DuckDBPyConnection, pupils: list[tuple[Any, ...]]) -> None:
    run_models(con, VIEWS)
    standard_no = 0
    for school in (990001, 990002):
        put(con, "core.school", school_id=school, urn=school, laestab=9990000 + school % 10,
            school_name=f"Marrowby Invented Primary {school}")  # fmt: skip
    for pupil_id, surname, forename, sex, school in pupils:
        upn = f"A999{pupil_id:09d}"
        put(con, "core.pupil", pupil_id=pupil_id, upn=upn, surname=surname, forename=forename,
            date_of_birth="2017-04-03", sex=sex)  # fmt: skip
        put(con, "core.pupil_identifier", pupil_id=pupil_id, kind="upn", value=upn,
            school_id=school, first_file_id=1, valid=True)  # fmt: skip
        for term_no, term in TERM.items():
            place = {"pupil_id": pupil_id, "school_id": school, "academic_year": "2025-26",
                     "term": term, "term_no": term_no}  # fmt: skip
            row = {"file_id": 1, "line": pupil_id - 10000}
            put(con, "core.enrolment", **place, **row, item=1, admission_number=f"000{pupil_id}",
                surname=f"{surname}-Formerly", forename=forename, year_group="3",
                class_name="Kestrel", teacher="Ms Invented", sex=sex, sen="N",
                pupil_premium=True, attendance_percent=93.47, from_roll=True, on_roll=True,
                entry_date="2022-09-01", ethnicity="WBRI")  # fmt: skip
            for subject, outcome in (("maths", "EXS"), ("reading", "WTS")):
                result = {"subject": subject, "scale": "ta", "assessment_kind": "teacher",
                          "assessment": "Kestrel", "attempt": 1, "outcome": outcome}  # fmt: skip
                put(con, "core.result", **place, **row, item=1, **result, outcome_on_scale=True,
                    outcome_as_sent=outcome)  # fmt: skip
                below = outcome == "WTS"
                attainment = "below" if below else "at_expectation"
                standard_no += 1
                put(con, "progress.standard", standard_no=standard_no, academic_year="2025-26",
                    term=term, term_no=term_no, scale="ta", assessment="Kestrel", subject=subject,
                    year_group="3", meaning="this_point_in_year", expected_points=103.0,
                    flag_points=103.0, expected_outcome="EXS")  # fmt: skip
                put(con, "progress.judgement", judgement_no=standard_no, standard_no=standard_no,
                    term_no=term_no, assessment_kind="teacher", outcome=outcome,
                    outcome_on_scale=True, norm_school=0, points=91.0 if below else 103.0,
                    attainment_status=attainment, at_expected=not below)  # fmt: skip
                put(con, "progress.comparison", **row, pupil_id=pupil_id, school_id=school,
                    term_no=term_no, subject=subject, judgement_no=standard_no, attempt=1,
                    decides=True, seen=True)  # fmt: skip
                put(con, "progress.decision", pupil_id=pupil_id, school_id=school,
                    term_no=term_no, year_group="3", class_no=1, subject=subject,
                    status="underachieving" if below else "on_track",
                    attainment_status=attainment, progress_status="not_known",
                    change="first_seen", assessments_differ=False, new_to_school=False,
                    new_to_english=False, off_target=False,
                    band="below" if below else "expected")  # fmt: skip
                if below:
                    put(con, "progress.flag", **place, **row, subject=subject, reason="below",
                        certainty_band="borderline", value=91.0, expected=103.0)  # fmt: skip
    put(con, "landing.rejected_row", file_id=1, line=90, results=0, rule_code="row_year_group",
        reason="not a year group", found="Ferncastle", school_id=990001, upn="A999000099990",
        admission_number="77889900")  # fmt: skip
    code, title, severity = RULE
    put(con, "accuracy.rule", rule_code=code, title=title, severity=severity, level="row",
        owner="office", system="management information system", audience="fix list",
        counts="row", message="m", several="{count} m", fix="f", why="w",
        tolerance=0.0)  # fmt: skip
    for school in (990001, 990002):
        put(con, "accuracy.outcome", rule_code=code, school_id=school, academic_year="2025-26",
            term="autumn", severity=severity, rows_checked=200002, rows_failed=0, rows_accepted=0,
            passed=True)  # fmt: skip


def make_programme(folder: Path, pupils: list[tuple[Any, ...]] = PUPILS) -> Programme:
    folder.mkdir()
    key_file = (folder.parent / "keys" / f"{folder.name}.key").as_posix()
    (folder / "pipeline.toml").write_text(f'[privacy]\nkey_file = "{key_file}"\n', encoding="utf-8")
    programme = Programme(folder)
    with open_warehouse(programme) as con:
        load_reference(con, programme)
        fill(con, pupils)
    return programme


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Programme, Release]:
    """A programme and a release of it that tests look at and leave as they are."""
    programme = make_programme(tmp_path_factory.mktemp("shared") / "partnership")
    return programme, publish(programme, "2025-26-spring", None)


@pytest.fixture(scope="module")
def made(shared: tuple[Programme, Release]) -> Release:
    return shared[1]


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    return make_programme(tmp_path / "partnership")


def change(programme: Programme, sql: str, *values: Any) -> None:
    with open_warehouse(programme) as con:
        con.execute(sql, list(values))


def hold_text(programme: Programme, table: str, column: Column) -> None:
    """Let a column of words hold any text, as if the warehouse did not keep others out."""
    if column.words:
        change(programme, f'alter table {table} alter column "{column.name}" type varchar')


def releases(programme: Programme) -> list[str]:
    """Everything in the folder of releases, finished or not."""
    return sorted(p.name for p in (programme.folder / "evaluators").iterdir())


def asked(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as con:
        return con.execute(sql).fetchall()


def content(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every table but `release` in the order of the file, and the comments."""
    with duckdb.connect(str(file), read_only=True) as con:
        found = {
            t.name: con.execute(f"select * from {t.name}").fetchall()
            for t in ALLOWED.tables
            if t.name != "release"
        }
        comments = "select table_name, column_name, comment from duckdb_columns() order by all"
        return found | {"comments": con.execute(comments).fetchall()}


def everything_as_text(file: Path) -> str:
    release = asked(file, "select * from release")
    return repr(content(file)) + repr(release) + repr(asked(file, "from duckdb_tables()"))


def search(programme: Programme, made: Release, file: Path) -> None:
    """The search that publishing makes, over another file."""
    key = read_key(programme.settings.privacy.key_path())
    rows = {
        "data_dictionary": dictionary_rows(ALLOWED),
        "release": [release_row(made, ALLOWED, key.stands_for(programme.settings.as_json()))],
    }
    with open_warehouse(programme, read_only=True) as con:
        make_known(con, key.secret.hex())
        make_sieve(con, ALLOWED, key)
        con.execute(f"attach '{file.as_posix()}' as evaluators (read_only)")
        search_finished(con, ALLOWED, rows)


def tampered(made: Release, folder: Path, *statements: str) -> Path:
    copy = folder / "tampered.duckdb"
    shutil.copyfile(made.file, copy)
    with duckdb.connect(str(copy)) as con:
        for statement in statements:
            con.execute(statement)
    return copy


def warehouse_columns(*classes: str) -> Iterator[tuple[str, Column]]:
    """Of tables only: a view holds nothing of its own."""
    for table in tables().values():
        for column in () if table.is_view else table.columns:
            if column.disclosure in classes:
                yield table.full_name, column


def test_a_pupil_has_one_pseudonym_in_every_table(made: Release) -> None:
    for table in ("enrolment", "attainment", "status", "flag"):
        lost = asked(made.file, f"from {table} where pupil not in (select pupil from pupil)")
        assert not lost
    assert made.rows == {
        "school": 2, "pupil": 4, "enrolment": 8, "attainment": 16, "status": 16, "flag": 8,
        "accuracy": 2, "data_dictionary": len(dictionary_rows(ALLOWED)),
    }  # fmt: skip
    assert asked(made.file, "select rows_attainment, first_term, terms from release") == [
        (16, "2025-26-autumn", "2025-26-autumn, 2025-26-spring")
    ]


def test_duckdb_1_2_can_open_the_file(made: Release) -> None:
    tags = asked(made.file, "select tags from duckdb_databases() where path is not null")
    assert tags[0][0]["storage_version"].startswith("v1.2.0")


def test_every_table_and_column_is_commented(made: Release) -> None:
    bare = "select 1 from duckdb_columns() where not internal and coalesce(comment, '') = ''"
    assert not asked(made.file, bare)
    bare = "select 1 from duckdb_tables() where coalesce(comment, '') = ''"
    assert not asked(made.file, bare)


def test_attendance_is_whole_and_an_outcome_off_the_scale_is_empty(programme: Programme) -> None:
    off = "where subject = 'maths' and pupil_id = 10001"
    change(programme, f"update core.result set outcome_on_scale = false {off}")
    change(programme, "update progress.judgement set outcome = 'Thistlewick' "
                      "where judgement_no in (select judgement_no from progress.comparison "
                      "where subject = 'maths' and pupil_id = 10002)")  # fmt: skip
    made = publish(programme, "r1", None)
    maths = "select outcome from attainment where subject = 'maths' order by outcome"
    assert [o for (o,) in asked(made.file, maths)] == ["EXS"] * 4 + [None] * 4
    assert asked(made.file, "select distinct attendance_percent from enrolment") == [(93.0,)]


def test_the_order_of_the_warehouse_leaves_no_trace(programme: Programme, tmp_path: Path) -> None:
    other = make_programme(tmp_path / "other", PUPILS[::-1])
    first = publish(programme, "r1", None)
    import_key(programme.settings.privacy.key_path(), other.settings.privacy.key_path())
    second = publish(other, "r1", first.key_fingerprint)
    assert content(first.file) == content(second.file)


def test_another_key_gives_other_pseudonyms(programme: Programme, tmp_path: Path) -> None:
    first = publish(programme, "r1", None)
    second = publish(make_programme(tmp_path / "other"), "r1", None)
    assert first.key_fingerprint != second.key_fingerprint
    pupils, others = (set(asked(r.file, "select pupil from pupil")) for r in (first, second))
    assert len(pupils) == len(others) == 4
    assert not pupils & others


def test_two_pupils_found_to_be_one_keep_the_pseudonym_of_the_one_kept(
    programme: Programme,
) -> None:
    before = publish(programme, "before", None)
    for old, kept in ((10090, 10091), (10091, 10001)):
        put_merge = "insert into core.pupil_merge values (?, ?, 'same UPN')"
        change(programme, put_merge, old, kept)
    change(programme, "update progress.flag set pupil_id = 10090 where pupil_id = 10001")
    after = publish(programme, "after", before.key_fingerprint)
    assert content(before.file) == content(after.file)


@pytest.mark.parametrize("classes", [("direct",), ("text",), ("internal",)])
def test_nothing_from_a_column_that_may_not_leave_leaves(
    programme: Programme, classes: tuple[str, ...]
) -> None:
    kept = {"accuracy.rule", "audit.schema_version"}
    planted = [
        (table, column)
        for table, column in warehouse_columns(*classes)
        if table not in kept and not table.startswith("reference.") and column.type == "varchar"
    ]
    for table, column in planted:
        hold_text(programme, table, column)
        change(programme, f'update {table} set "{column.name}" = ? || "{column.name}"', CANARY)
        change(programme, f'update {table} set "{column.name}" = ? where "{column.name}" is null',
               CANARY)  # fmt: skip
    made = publish(programme, "r1", None)
    assert planted
    assert CANARY.lower() not in everything_as_text(made.file).lower()


def test_a_name_typed_into_a_column_of_codes_becomes_other(programme: Programme) -> None:
    codes = [(t, c) for t, c in warehouse_columns("group")
             if t in ("core.enrolment", "core.pupil") and c.type == "varchar"]  # fmt: skip
    for table, column in codes:
        hold_text(programme, table, column)
        change(programme, f'update {table} set "{column.name}" = ?', CANARY)
    made = publish(programme, "r1", None)
    assert CANARY not in everything_as_text(made.file)
    assert asked(made.file, "select distinct sex from pupil") == [("other",)]
    assert asked(made.file, "select distinct sen, year_group from enrolment") == [
        ("other", "other")
    ]


def test_nothing_that_identifies_stands_in_the_file(shared: tuple[Programme, Release]) -> None:
    programme, made = shared
    text = everything_as_text(made.file)
    key = read_key(programme.settings.privacy.key_path()).secret
    known = ["Thistlewick", "Quillan", "Zoë", "Bram", "A999", "990001", "9990001", "Marrowby",
             "2017", "Kestrel", "Invented", "00010001", "WBRI", key.hex()]  # fmt: skip
    assert [value for value in known if value in text] == []
    raw = made.file.read_bytes()
    assert key not in raw
    assert key.hex().encode() not in raw


TEXT_COLUMNS = [
    (t.name, c.column.name) for t in ALLOWED.tables for c in t.columns if c.column.type == "varchar"
]
NUMBER_COLUMNS = [
    (t.name, c.column.name)
    for t in ALLOWED.tables
    for c in t.columns
    if c.column.type in ("integer", "bigint", "double") and not c.is_count and t.source != PROGRAM
]


@pytest.mark.parametrize("value", ["Thistlewick", "THISTLEWICK zoe", CANARY])
def test_a_name_in_any_column_of_text_is_found(
    shared: tuple[Programme, Release], tmp_path: Path, value: str
) -> None:
    programme, made = shared
    search(programme, made, made.file)
    changes = [f"update {t} set \"{c}\" = '{value}' where rowid = 0" for t, c in TEXT_COLUMNS]
    with pytest.raises(Defect) as stopped:
        search(programme, made, tampered(made, tmp_path, *changes))
    told = str(stopped.value)
    assert [c for c in TEXT_COLUMNS if f"table {c[0]}, column {c[1]}" not in told] == []
    assert value not in told
    assert ("identifies" in told) == (value != CANARY)


@pytest.mark.parametrize("number", [990001, 9990002, 10003])
def test_a_school_number_in_any_column_of_figures_is_found(
    shared: tuple[Programme, Release], tmp_path: Path, number: int
) -> None:
    programme, made = shared
    changes = [f'update {t} set "{c}" = {number} where rowid = 0' for t, c in NUMBER_COLUMNS]
    copy = tampered(made, tmp_path, *changes)
    if number < 100_000:
        search(programme, made, copy)  # so short a number says nothing on its own
        return
    with pytest.raises(Defect, match="identifies") as stopped:
        search(programme, made, copy)
    told = str(stopped.value)
    assert [c for c in NUMBER_COLUMNS if f"table {c[0]}, column {c[1]}" not in told] == []


@pytest.mark.parametrize(
    "value",
    ["o’quillan", "OQUILLAN", "Zoe", "a999 000010002", "3/4/2017", "20170403", "3 Apr 2017",
     "Marrowby Invented Primary 990001", "999/0001",
     "thistlewick formerly", "ferncastle", "A999000099990", "77889900"],
)  # fmt: skip
def test_a_known_value_is_found_in_another_spelling(
    shared: tuple[Programme, Release], tmp_path: Path, value: str
) -> None:
    programme, made = shared
    changes = [f"comment on table pupil is '{value}'",
               f"update pupil set sex = '{value}' where rowid = 0"]  # fmt: skip
    with pytest.raises(Defect) as stopped:
        search(programme, made, tampered(made, tmp_path, changes[1]))
    assert "table pupil, column sex: holds something that identifies" in str(stopped.value)
    with pytest.raises(Defect, match="comment of the allow-list"):
        search(programme, made, tampered(made, tmp_path, changes[0]))


@pytest.mark.parametrize(
    "statement",
    ["comment on column pupil.sex is 'Thistlewick'",
     "create table thistlewick (a integer)",
     "create view v as select 'Thistlewick' as a",
     "create macro m() as 'Thistlewick'",
     "create schema thistlewick",
     "create sequence thistlewick",
     "create type kind as enum ('Thistlewick')",
     "alter table pupil add column thistlewick integer",
     "alter table pupil alter sex set default 'Thistlewick'"],
)  # fmt: skip
def test_a_name_in_whatever_else_a_file_can_hold_is_found(
    shared: tuple[Programme, Release], tmp_path: Path, statement: str
) -> None:
    programme, made = shared
    with pytest.raises(Defect) as stopped:
        search(programme, made, tampered(made, tmp_path, statement))
    assert "thistlewick" not in str(stopped.value).lower()


@pytest.mark.parametrize("table", ["pupil", "release"])
def test_a_row_more_is_found(shared: tuple[Programme, Release], tmp_path: Path, table: str) -> None:
    copy = tampered(shared[1], tmp_path, f"insert into {table} from {table} limit 1")
    with pytest.raises(Defect, match=f"table {table}"):
        search(*shared, copy)


def test_a_pupil_called_spring_stops_no_release(made: Release) -> None:
    assert (3 * 2025 + 1,) in asked(made.file, "select term_no from status where term = 'spring'")


def test_a_word_outside_its_set_stops_the_release_and_leaves_nothing(
    programme: Programme,
) -> None:
    of_change = next(c for c in tables()["progress.status"].columns if c.name == "change")
    hold_text(programme, "progress.decision", of_change)
    change(programme, "update progress.decision set change = ?", CANARY)
    with pytest.raises(Defect, match="table status, column change") as stopped:
        publish(programme, "r1", None)
    assert CANARY not in str(stopped.value)
    assert releases(programme) == []


def test_a_killed_publishing_leaves_no_release(programme: Programme) -> None:
    code = (
        "import os, sys; from pathlib import Path; from pipeline.programme import Programme; "
        "from pipeline.evaluation.publish import publish; "
        "publish(Programme(Path(sys.argv[1])), 'r1', None, lambda rows: os._exit(9))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(programme.folder)],
        cwd=resource("data_schemas").parent,
        check=False,
    )
    assert ended.returncode == 9
    assert not programme.release("r1").exists()
    made = publish(programme, "r1", None)
    assert releases(programme) == ["r1"]
    assert made.file.exists()


def test_a_release_is_never_touched(shared: tuple[Programme, Release]) -> None:
    programme, made = shared
    before = made.file.read_bytes()
    for name in (made.name, made.name.upper()):
        with pytest.raises(WrongUsage, match="made already"):
            publish(programme, name, made.key_fingerprint)
    assert made.file.read_bytes() == before


@pytest.mark.parametrize(
    "name", ["", ".hidden", "a/b", "..", "a b", "nul", "COM1.txt", "end.", "é", "x" * 65, "a\n"]
)
def test_a_release_has_a_name_that_every_system_takes(
    shared: tuple[Programme, Release], name: str
) -> None:
    with pytest.raises(WrongUsage):
        publish(shared[0], name, None)
    assert releases(shared[0]) == [shared[1].name]


@pytest.mark.parametrize(
    "name", ["thistlewick-1", "A999000010001", "990001", "for-bram", "kestrel", "kestrel-2026",
             "marrowby-spring", "00010001"],
)  # fmt: skip
def test_a_release_is_not_named_after_anyone(shared: tuple[Programme, Release], name: str) -> None:
    with pytest.raises(WrongUsage, match="--release"):
        publish(shared[0], name, None)
    assert releases(shared[0]) == [shared[1].name]


@pytest.mark.parametrize(
    "name", ["a", "May-2026", "april-2026", "2026", "3b", "spring-2026", "primary-schools-1", "ada"]
)
def test_a_release_named_in_plain_words_is_named_after_nobody(
    programme: Programme, name: str
) -> None:
    for at, (forename, class_name) in enumerate([("A", "a"), ("April", "3B"), ("Ada", "2026")]):
        named = "update core.enrolment set class_name = ?, admission_number = ? where pupil_id = ?"
        change(programme, named, class_name, f"{2026 + at}", 10001 + at)
        change(programme, "update core.pupil set forename = ? where pupil_id = ?",
               forename, 10001 + at)  # fmt: skip
    assert publish(programme, name, None).name == name


OWN_SCALE = """
scale = "{scale}"
title = "Steps"
kind = "ladder"
assessment_kind = "teacher"
too_low_for_points = ["{low}"]
outcomes = [
  {{ outcome = "WTS", points = 1 }},
  {{ outcome = "{outcome}", points = 2, also = ["Quillan"] }},
]
no_result = {{ A = "{reason}" }}
"""
PLAIN_WORDS = {"scale": "house-steps", "low": "3B", "outcome": "Step 4", "reason": "not in school"}


def own_words(programme: Programme, subject: str = "science", **words: str) -> None:
    """Give a programme a scale and a subject of its own."""
    words = PLAIN_WORDS | words
    folder = programme.folder / "scales"
    folder.mkdir()
    (folder / "a-first.toml").write_text(
        OWN_SCALE.format(**PLAIN_WORDS | {"scale": "a-first"}), encoding="utf-8"
    )
    (folder / f"{words['scale']}.toml").write_text(OWN_SCALE.format(**words), encoding="utf-8")
    settings = programme.settings_file.read_text(encoding="utf-8")
    subjects = f'subjects = ["maths", "reading", "writing", "{subject}"]\n'
    programme.settings_file.write_text(subjects + settings, encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [("scale", "kestrel", "file 2 in the order of their names, 'scale'"),
     ("scale", "marrowby-steps", "file 2 in the order of their names, 'scale'"),
     ("scale", "ms-invented", "file 2 in the order of their names, 'scale'"),
     ("outcome", "Thistlewick", "file 2 in the order of their names, 'outcomes.2.outcome'"),
     ("outcome", "OQuillan", "'outcomes.2.outcome'"),
     ("outcome", "Zoé's step", "'outcomes.2.outcome'"),
     ("low", "990001", "'too_low_for_points.1'"),
     ("reason", "see Bram", "'no_result, line 1'"),
     ("subject", "kestrel hour", "pipeline.toml, 'subjects.4'")],
)  # fmt: skip
def test_a_name_among_the_programmes_own_words_stops_the_release(
    programme: Programme, kind: str, value: str, told: str
) -> None:
    own_words(programme, **{kind: value})
    programme = Programme(programme.folder)
    with open_warehouse(programme) as con:
        load_reference(con, programme)
    with pytest.raises(SettingsWrong) as stopped:
        publish(programme, "r1", None)
    message = str(stopped.value)
    assert told in message
    assert ";" not in message
    assert value.lower() not in message.lower()
    assert releases(programme) == []


def test_plain_words_of_the_programmes_own_are_published(programme: Programme) -> None:
    own_words(programme)
    programme = Programme(programme.folder)
    with open_warehouse(programme) as con:
        load_reference(con, programme)
        con.execute("update core.enrolment set class_name = '3B', teacher = 'Mrs School'")
        con.execute("update core.pupil set surname = 'Step' where pupil_id = 10001")
        con.execute("update core.result set scale = 'house-steps', outcome = 'Step 4'")
        con.execute("update progress.standard set scale = 'house-steps'")
        con.execute("update progress.judgement set outcome = 'Step 4'")
    made = publish(programme, "r1", None)
    assert asked(made.file, "select distinct scale, outcome from attainment") == [
        ("house-steps", "Step 4")
    ]


def test_settings_cannot_be_guessed_from_a_release(shared: tuple[Programme, Release]) -> None:
    programme, made = shared
    ((fingerprint,),) = asked(made.file, "select settings_fingerprint from release")
    key = read_key(programme.settings.privacy.key_path())
    assert fingerprint == key.stands_for(programme.settings.as_json())
    assert fingerprint != programme.settings.sha256()
    assert programme.settings.sha256() not in everything_as_text(made.file)


def test_a_file_only_its_user_can_read(shared: tuple[Programme, Release]) -> None:
    programme, made = shared
    if os.name == "posix":
        for path in (made.file, programme.settings.privacy.key_path()):
            assert path.stat().st_mode & 0o077 == 0


def test_another_key_than_the_first_is_refused(programme: Programme) -> None:
    made = publish(programme, "r1", None)
    key_file = programme.settings.privacy.key_path()
    key_file.rename(key_file.with_suffix(".kept"))
    with pytest.raises(SettingsWrong, match="no pseudonym key"):
        publish(programme, "r2", made.key_fingerprint)
    assert not key_file.exists()
    make_key(key_file)
    with pytest.raises(SettingsWrong, match=made.key_fingerprint):
        publish(programme, "r2", made.key_fingerprint)
    assert not programme.release("r2").exists()


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    here, there, third = (tmp_path / name / "pseudonym.key" for name in "abc")
    key = make_key(here)
    assert re.fullmatch(r"[0-9a-f]{16}", key.fingerprint)
    assert key.secret.hex() not in repr(key)
    with pytest.raises(SettingsWrong):
        make_key(here)
    programme_folder = tmp_path / "programme"
    programme_folder.mkdir()
    export_key(here, there, programme_folder)
    with pytest.raises(WrongUsage, match="there already"):
        export_key(here, there, programme_folder)
    assert import_key(there, here) == import_key(there, third) == read_key(third) == key
    make_key(tmp_path / "other.key")
    with pytest.raises(SettingsWrong, match="another pseudonym key"):
        import_key(tmp_path / "other.key", here)
    assert read_key(here) == key
    assert [p.name for p in here.parent.iterdir()] == ["pseudonym.key"]


@pytest.mark.parametrize("place", ["pseudonym.key", "keys/new/pseudonym.key", "../{}/a.key"])
def test_the_key_is_not_exported_into_the_programme_folder(
    programme: Programme, place: str
) -> None:
    key_file = programme.settings.privacy.key_path()
    make_key(key_file)
    before = sorted(programme.folder.rglob("*"))
    inside = programme.folder / place.format(programme.folder.name)
    with pytest.raises(WrongUsage, match="lies in the programme folder"):
        export_key(key_file, inside, programme.folder)
    assert sorted(programme.folder.rglob("*")) == before


def test_a_damaged_key_is_told(tmp_path: Path) -> None:
    for text in ("", "abc", "é", "0" * 62, "z" * 64):
        (tmp_path / "k").write_text(text, encoding="utf-8")
        with pytest.raises(SettingsWrong, match="not a pseudonym key"):
            read_key(tmp_path / "k")


@pytest.mark.parametrize(
    ("listed", "told"),
    [("'core.pupil.surname'", "class direct"),
     ("'core.enrolment.teacher'", "class text"),
     ("'core.enrolment.from_roll'", "class internal"),
     ("'core.pupil.pupil_id'", "must be a pseudonym"),
     ("'core.enrolment.year_group'", "no set of values"),
     ("'core.pupil.nothing'", "does not have")],
)  # fmt: skip
def test_the_allow_list_can_name_nothing_that_identifies(
    tmp_path: Path, listed: str, told: str
) -> None:
    shipped = resource("data_schemas", "tables", "evaluation.toml").read_text(encoding="utf-8")
    changed = shipped.replace(
        'columns = ["pupil", "sex", "first_term_no"]\n',
        'columns = ["pupil", "sex", "first_term_no", "extra"]\n'
        f"local.extra = {{ from = {listed} }}\n",
    )
    assert changed != shipped
    (tmp_path / "evaluation.toml").write_text(changed, encoding="utf-8")
    with pytest.raises(SettingsWrong, match=told):
        read_allow_list(tmp_path / "evaluation.toml")


GUIDE = resource("data_schemas").parent / "docs" / "evaluators.md"


def examples(language: str) -> list[str]:
    text = GUIDE.read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_every_query_of_the_guide_works(made: Release) -> None:
    assert len(examples("sql")) >= 5
    for query in examples("sql"):
        assert asked(made.file, query)


def test_the_python_of_the_guide_works(
    made: Release, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(made.file.parent)
    names: dict[str, Any] = {}
    for code in examples("python"):
        exec(code, names)
    names["con"].close()
    said = capsys.readouterr().out
    assert made.name in said
    assert "EffectSize(effect=" in said


def test_the_fictional_partnership_is_published_as_the_guide_says(tmp_path: Path) -> None:
    programme = Programme(tmp_path / "partnership")
    shutil.copytree(resource("sample_data", "partnership"), programme.folder)
    key_file = (tmp_path / "pseudonym.key").as_posix()
    with programme.settings_file.open("a", encoding="utf-8") as file:
        file.write(f'\n[privacy]\nkey_file = "{key_file}"\n')
    run(programme, ("ingest", "flag"))
    made = publish(programme, "2025-26-summer", None)
    assert all(made.rows[table] for table in ("school", "pupil", "status", "flag"))
    for query in examples("sql"):
        asked(made.file, query)
    unlike = """
        select 1 from status as s
        where not exists (
          select 1 from enrolment as e
          where e.pupil = s.pupil and e.school = s.school and e.term_no = s.term_no and e.on_roll
        )
        union all
        select 1 from flag as f
        where not exists (
          select 1 from status as s
          where s.pupil = f.pupil and s.term_no = f.term_no and s.subject = f.subject
            and s.status = 'underachieving'
        )
        union all
        select 1 from attainment
        where decides
        group by pupil, term_no, subject
        having count(*) > 1
    """
    assert asked(made.file, unlike) == []
    people = asked(programme.warehouse, "select surname, forename from core.pupil")
    names = {name for row in people for name in row if name}
    words = set(re.findall(r"[\w'’-]+", everything_as_text(made.file)))
    assert len(names) > 100
    assert names & words == set()


def test_the_guide_and_the_file_name_the_same_tables(made: Release) -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE))
    assert named == {t.name for t in ALLOWED.tables}
