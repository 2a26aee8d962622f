"""The fix list: what it says, to whom, in which order; what was mended; safe to open anywhere."""

import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from python_calamine import CalamineWorkbook

from pipeline.calendar import Term
from pipeline.programme import Programme
from pipeline.reports.fix_list import causes
from pipeline.reports.fix_list_page import _cause
from pipeline.reports.report import report
from pipeline.reports.source import close_all
from pipeline.run import run
from pipeline.status import status_lines, status_of
from pipeline.warehouse.connection import open_warehouse
from tests.conftest import a_upn, put
from tests.stages.schools import changed, files_of, results_of, roll_of
from tests.stages.test_reports import Read

SCHOOL, OTHER = 990001, 990002
AUTUMN = Term.from_label("2025-26-autumn")
FIRST_LINE = "Mend it in the system it came from and export again, not in this file."
SHEETS = ["Start here", "Office", "Class teacher", "Data lead", "Supplier"]
FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "<script>alert(1)</script>")
SETTINGS = f"""
[reports]
workers = 1

[[school]]
urn = {SCHOOL}
name = "=Invented & Sons Primary"

[[school]]
urn = {OTHER}
name = "Pretend Primary"
"""


def folder_of(made: Programme, school: int) -> Path:
    (folder,) = made.reports(AUTUMN).glob(f"{school}-*")
    return folder


def page_of(made: Programme, school: int = SCHOOL) -> Read:
    return Read((folder_of(made, school) / "fix-list.html").read_text(encoding="utf-8"))


def sheets_of(made: Programme, school: int = SCHOOL) -> dict[str, list[list[str]]]:
    """Rows of each sheet as texts."""
    book = CalamineWorkbook.from_path(str(folder_of(made, school) / "fix-list.xlsx"))
    return {
        name: [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()]
        for name in book.sheet_names
    }


def lines(rows: list[list[str]]) -> list[dict[str, str]]:
    """The lines under a sheet's headings."""
    return [dict(zip(rows[3], row, strict=True)) for row in rows[4:]]


def first_files() -> dict[str, str | bytes]:
    """Twelve pupils: wrong UPNs, a scale that is none, a class that is missing, a hostile name."""
    roll = changed(roll_of(SCHOOL, 12), 4, 5, upn="123")
    roll = changed(roll, 5, surname=FORMULAS[0], forename=FORMULAS[5])
    roll = changed(roll, 9, class_name="")
    results = changed(results_of(SCHOOL, 12), 7, 8, scale=FORMULAS[1])
    results = changed(results, 9, class_name="")
    others = changed(roll_of(OTHER, 12), 2, upn="456")
    shifted = changed(results_of(OTHER, 12), 3, scale=a_upn(OTHER % 100 * 1000 + 3))
    return files_of(SCHOOL, roll, results) | files_of(OTHER, others, shifted)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    """Two schools with their fix lists after a first run."""
    folder = tmp_path_factory.mktemp("fixes") / "programme"
    programme = Programme(folder)
    programme.exports.mkdir(parents=True)
    programme.settings_file.write_text(SETTINGS, encoding="utf-8")
    put(programme, first_files())
    done = run(programme)
    assert done.exit_code == 11
    yield programme
    close_all()


def test_each_sheet_begins_with_where_to_mend_and_names_the_school(made: Programme) -> None:
    sheets = sheets_of(made)
    assert list(sheets) == SHEETS
    for rows in sheets.values():
        assert rows[0][0] == FIRST_LINE
        assert rows[1][0].startswith("=Invented & Sons Primary, autumn 2025-26")
        assert rows[2][0].startswith("Confidential: names pupils.")
    assert page_of(made).text.index(FIRST_LINE) < page_of(made).text.index("Confidential")


def test_a_line_says_where_what_and_what_to_do_in_which_system(made: Programme) -> None:
    (line,) = [r for r in lines(sheets_of(made)["Office"]) if r["Admission number"] == "0004"]
    assert line["Rule"] == "A UPN has the right format"
    assert line["File"] == f"{SCHOOL}/1 roll.csv" and line["Line"] == "5.0"
    assert line["Pupil"] == "Ada Invented-1-4"
    assert "not in the format of a UPN" in line["What was found"]
    assert "Correct the UPN" in line["What to do"]
    assert line["In which system"] == "management information system"
    assert line["Done"] == line["Mended on"] == ""
    assert re.fullmatch("[0-9a-f]{16}", line["Key"])


def test_what_keeps_rows_from_loading_comes_first_and_warnings_last(made: Programme) -> None:
    causes = [row[:2] for row in sheets_of(made)["Start here"] if row[0] in SHEETS[1:]]
    assert causes[0][0] == "Data lead" and "not loaded" in causes[0][1]
    serious = [line["How serious"] for line in lines(sheets_of(made)["Office"])]
    assert serious[:2] == ["error", "error"] and "warning" in serious
    assert serious == sorted(serious, key=("error", "warning", "note").index)
    page = page_of(made).text
    assert page.index("Office (") < page.index("Class teacher (") < page.index("Data lead (")


def test_many_rows_of_one_cause_are_told_once_and_each_can_be_ticked(made: Programme) -> None:
    sheets = sheets_of(made)
    (cause,) = [row for row in sheets["Start here"] if row[0] == "Data lead"]
    assert cause[2] == "6.0"
    assert len(lines(sheets["Data lead"])) == 6


def test_a_school_finds_its_own_rows_and_nobody_elses_and_no_upn(made: Programme) -> None:
    upns = [a_upn(school % 100 * 1000 + n) for school in (SCHOOL, OTHER) for n in range(1, 13)]
    for school, others in ((SCHOOL, "Invented-2-"), (OTHER, "Invented-1-")):
        texts = [page_of(made, school).text, str(sheets_of(made, school))]
        for text in texts:
            assert others not in text
            assert not [upn for upn in upns if upn in text]
            assert f"Invented-{school % 100}-" in text
    assert "Found: '(a UPN)'" in page_of(made, OTHER).text


def test_nothing_in_the_workbook_is_a_formula_or_leads_elsewhere(made: Programme) -> None:
    with zipfile.ZipFile(folder_of(made, SCHOOL) / "fix-list.xlsx") as book:
        parts = {name: book.read(name).decode("utf-8") for name in book.namelist()}
    for name, text in parts.items():
        if "worksheets" in name:
            assert "<f>" not in text and "<f " not in text and "hyperlink" not in text
        if name.endswith(".rels"):
            assert "External" not in text
    assert not [n for n in parts if "externalLink" in n or "vba" in n.lower() or "oleObject" in n]
    assert 'quotePrefix="1"' in parts["xl/styles.xml"]
    pupils = [line["Pupil"] for line in lines(sheets_of(made)["Office"])]
    assert f"{FORMULAS[5]} {FORMULAS[0]}" in pupils


def test_the_page_holds_no_script_and_asks_for_nothing(made: Programme) -> None:
    raw = (folder_of(made, SCHOOL) / "fix-list.html").read_text(encoding="utf-8")
    assert "<script" not in raw and "@import" not in raw and "url(" not in raw
    assert set(Read(raw).addresses) == {"fix-list.xlsx"}
    assert f"{FORMULAS[5]} {FORMULAS[0]}" in Read(raw).text


def test_the_same_content_is_the_same_bytes(made: Programme) -> None:
    files = sorted(made.reports(AUTUMN).rglob("fix-list.*"))
    before = [file.read_bytes() for file in files]
    time.sleep(1.1)
    report(made, AUTUMN)
    close_all()
    assert len(files) == 4
    assert [file.read_bytes() for file in files] == before


def test_why_the_data_did_not_pass_and_by_when_to_mend_stands_at_the_head(made: Programme) -> None:
    text = page_of(made).text
    assert "4 of 12 pupils have an error" in text
    assert re.search(r"Sent back on \S+\. Please mend and send again by ", text)
    for name in ("head-teacher.html", "team-1-whole-school.html"):
        read = Read((folder_of(made, SCHOOL) / name).read_text(encoding="utf-8"))
        verdict = {row[0]: row[1] for row in read.table("How far these data can be relied on")}
        assert verdict["Pupils without an error"] == "8 of 12 (66.6%)"
        assert verdict["Results due that are there"] == "30 of 36 (83.3%)"
        assert verdict["The data"] == "not yet safe to rely on"


def test_after_the_next_export_it_says_what_was_mended_what_remains_and_what_is_new(
    tmp_path: Path,
) -> None:
    programme = Programme(tmp_path)
    programme.exports.mkdir()
    programme.settings_file.write_text(SETTINGS, encoding="utf-8")
    put(programme, first_files())
    run(programme)
    close_all()
    assert "since the last export" not in page_of(programme).text
    time.sleep(1.1)
    roll = changed(roll_of(SCHOOL, 12), 5, upn="123")
    roll = changed(roll, 11, year_group="6")
    put(programme, files_of(SCHOOL, roll, results_of(SCHOOL, 12), "2"))
    run(programme)
    close_all()
    page, sheets = page_of(programme), sheets_of(programme)
    mended = lines(sheets["Mended"])
    assert {line["Rule"] for line in mended} >= {
        "A UPN has the right format",
        "Each result is on a known scale",
    }
    assert [line["Admission number"] for line in mended if "format" in line["Rule"]] == ["0004"]
    office = {(r["Rule"], r["Admission number"]): r["Told"] for r in lines(sheets["Office"])}
    assert office["A UPN has the right format", "0005"].startswith("since ")
    assert office["The year group fits the date of birth", "0011"] == "new"
    assert f"{len(mended)} mended" in page.text
    # A second run over the same files changes nothing of that.
    run(programme, ("check", "flag", "report"))
    close_all()
    assert sheets_of(programme) == sheets
    told = "\n".join(status_lines(status_of(programme, files=False)))
    by_when = r"received \S+ \(wanted by 15/12/2025\), checked \S+, sent back \S+, to mend by"
    assert re.search(by_when, told)
    assert f"{len(mended)} mended" in told


def test_what_is_accepted_stays_in_the_list_with_the_reason_and_the_day(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.exports.mkdir()
    programme.settings_file.write_text(SETTINGS, encoding="utf-8")
    put(programme, first_files())
    programme.corrections_file.write_text(
        f'[[accepted]]\nrule = "upn_format"\nschool = {SCHOOL}\nacademic_year = "2025-26"\n'
        'term = "autumn"\npupil = "0004"\nreason = "=The authority was asked."\n'
        "until = 2999-07-31\n",
        encoding="utf-8",
    )
    run(programme)
    close_all()
    (line,) = lines(sheets_of(programme)["Accepted"])
    assert line["Why the school accepts it"] == "=The authority was asked."
    assert (line["Until"], line["Admission number"]) == ("31/07/2999", "0004")
    assert "0004" not in [r["Admission number"] for r in lines(sheets_of(programme)["Office"])]
    assert "=The authority was asked." in page_of(programme).text
    head = (folder_of(programme, SCHOOL) / "head-teacher.html").read_text(encoding="utf-8")
    assert "Accepted by the school (1)" in Read(head).text
    assert page_of(programme, OTHER).text.count("Accepted") == 0


def test_a_question_to_the_head_is_on_the_heads_page_and_in_no_fix_list(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.exports.mkdir()
    programme.settings_file.write_text(SETTINGS, encoding="utf-8")
    put(programme, first_files())
    run(programme, ("ingest", "check", "flag"))
    with open_warehouse(programme) as con:
        con.execute(
            "update accuracy.rule set audience = 'head and data lead', severity = 'note' "
            "where rule_code = 'upn_format'"
        )
    report(programme, AUTUMN)
    close_all()
    assert "UPN has the right format" not in page_of(programme).text + str(sheets_of(programme))
    head = Read((folder_of(programme, SCHOOL) / "head-teacher.html").read_text(encoding="utf-8"))
    assert len(head.table("A UPN has the right format")) == 2
    team = folder_of(programme, SCHOOL) / "team-1-whole-school.html"
    assert "UPN has the right format" not in Read(team.read_text(encoding="utf-8")).text


def test_a_school_with_nothing_to_mend_is_told_so(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.exports.mkdir()
    programme.settings_file.write_text(SETTINGS, encoding="utf-8")
    put(programme, files_of(OTHER, roll_of(OTHER, 12), results_of(OTHER, 12)))
    assert run(programme).exit_code == 0
    close_all()
    page = page_of(programme, OTHER)
    assert page.text.count("Nothing to mend.") == 4
    assert "The data passed the accuracy check." in page.text
    assert all("Nothing to mend." in str(rows) for rows in sheets_of(programme, OTHER).values())


def test_a_page_shows_the_first_rows_of_a_cause_and_says_how_many_more_there_are() -> None:
    one = {
        "rule_code": "upn_missing",
        "title": "Each pupil has a UPN",
        "severity": "warning",
        "system": "management information system",
        "several": "{count} pupils have no UPN.",
        "message": "No UPN is given.",
        "fix": "Put in the UPN.",
        "subject": None,
        "class_name": None,
        "file_name": "roll.csv",
        "file_id": 1,
        "found": None,
        "forename": "Ada",
        "surname": "Invented",
        "not_loaded": False,
        "first_run": "20251203T081500000000",
        "is_new": False,
        "until": None,
    }
    rows = [
        SimpleNamespace(**one, line=n, admission_number=f"{n:04d}", issue_key=f"{n:016x}")
        for n in range(2, 1202)
    ]
    (cause,) = causes(rows)
    read = Read(_cause(1, cause).html)
    assert "1. 1,200 pupils have no UPN." in read.text
    assert "And 1,175 more lines: the Excel list has all." in read.text
    (table,) = read.every("1,200 lines to mend")
    assert [row[0] for row in table[:2]] == ["Ada Invented (0002)", "Ada Invented (0003)"]
    assert len(table) == 25
