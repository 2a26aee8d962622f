"""The report stage and what lies around it: damaged notes, ended runs, others' names, odd texts."""

import csv
import json
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from pipeline.calendar import Term
from pipeline.errors import SurroundingsWrong, WarehouseInUse
from pipeline.programme import Programme
from pipeline.reports.html import Table, paragraph
from pipeline.reports.issues import read_issued
from pipeline.reports.render import execute
from pipeline.reports.report import report
from pipeline.reports.shell import page
from pipeline.reports.text import name
from pipeline.run import run
from pipeline.warehouse.connection import open_warehouse
from tests.stages.invented import COLUMNS, INVENTED, PRETEND, PUPILS, TERM, gate, send

AUTUMN = Term.from_label(TERM)
FOLDER = f"{INVENTED}-made-up-sons-primary"
MIXED = f"{FOLDER}/team-1-y3-4.html"
HEAD = f"{FOLDER}/head-teacher.html"
STILL_OPEN_SECONDS = 15


def shown(made: Programme, address: str) -> str:
    """A page of the term, as it is written."""
    return (made.reports(AUTUMN) / address).read_text(encoding="utf-8")


def note(folder: Path, *pages: object) -> Path:
    """A note beside the pages that names these as written by the program."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "pages.json"
    file.write_text(json.dumps({"pages": pages, "issues": {}}), encoding="utf-8")
    return file


def add(file: Path, columns: list[str], *rows: list[object]) -> None:
    """An export with these rows."""
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([columns, *rows])


@pytest.mark.parametrize(
    "named",
    [
        "../../victim.html",
        "../../victim.txt",
        f"{FOLDER}/../../../victim.html",
        "index.html",
        f"{FOLDER}/Notes of our own.html",
        f"{FOLDER}/notes.html\n",
        7,
    ],
)
def test_a_note_that_names_anything_but_pages_is_refused(tmp_path: Path, named: object) -> None:
    note(tmp_path, named)
    with pytest.raises(SurroundingsWrong, match=r"pages\.json: damaged.*Delete pages\.json"):
        read_issued(tmp_path)


def test_a_note_that_names_pages_is_believed(tmp_path: Path) -> None:
    note(tmp_path, MIXED, HEAD)
    assert read_issued(tmp_path).pages == {MIXED, HEAD}


def test_a_file_outside_the_folder_outlives_a_note_that_names_it(fresh: Programme) -> None:
    victim = fresh.folder / "victim.txt"
    victim.write_text("kept", encoding="utf-8")
    file = note(fresh.reports(AUTUMN), "../../victim.txt")
    with pytest.raises(SurroundingsWrong, match=r"pages\.json: damaged.*Delete pages\.json"):
        report(fresh, AUTUMN)
    assert victim.exists()
    file.unlink()
    assert report(fresh, AUTUMN).index.exists()


@pytest.mark.parametrize("text", ["[]", "{}", '{"pages": 1', "[" * 100_000])
def test_a_damaged_note_is_told_with_what_to_do(tmp_path: Path, text: str) -> None:
    note(tmp_path).write_text(text, encoding="utf-8")
    with pytest.raises(SurroundingsWrong, match=r"Delete pages\.json"):
        read_issued(tmp_path)


def link(place: Path, target: Path) -> None:
    """A link to a folder; on Windows a junction, which any user may make."""
    if sys.platform == "win32":
        import _winapi

        _winapi.CreateJunction(str(target), str(place))
    else:
        place.symlink_to(target, target_is_directory=True)


def test_a_link_out_of_the_folder_is_not_followed(fresh: Programme, tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere", fresh.reports(AUTUMN)
    elsewhere.mkdir()
    (elsewhere / "old.html").write_text("kept", encoding="utf-8")
    file = note(folder, f"{FOLDER}/old.html")
    link(folder / FOLDER, elsewhere)
    with pytest.raises(SurroundingsWrong, match=r"pages\.json: damaged"):
        report(fresh, AUTUMN)
    file.unlink()
    with pytest.raises(SurroundingsWrong, match="a link that leads out"):
        report(fresh, AUTUMN)
    assert [left.name for left in elsewhere.iterdir()] == ["old.html"]


def opened(made: Programme) -> bool:
    """Whether the warehouse can be opened for writing."""
    try:
        with open_warehouse(made):
            return True
    except WarehouseInUse:
        return False


@pytest.mark.parametrize("more", [[], ["--isolated"]])
def test_a_killed_report_leaves_the_warehouse_to_the_next_run(
    fresh: Programme, more: list[str]
) -> None:
    run(fresh, stages=("ingest", "check", "flag"))
    aside = fresh.reports(AUTUMN).with_name(f".{TERM}.new")
    command = [sys.executable, "-m", "pipeline", "report", str(fresh.folder), *more]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not any(aside.rglob("*.html")):
        assert running.poll() is None, "it ended before its first page"
        time.sleep(0.01)
    running.kill()
    running.wait()
    assert not (fresh.reports(AUTUMN) / "index.html").exists()
    end = time.monotonic() + STILL_OPEN_SECONDS
    while not opened(fresh) and time.monotonic() < end:
        time.sleep(0.2)
    assert opened(fresh)
    report(fresh, AUTUMN)
    assert [left.name for left in aside.parent.iterdir()] == [TERM]


def test_what_ended_runs_left_beside_the_reports_is_cleared_away(fresh: Programme) -> None:
    reports = fresh.reports(AUTUMN).parent
    for left in (f".{TERM}.new", ".2024-25-summer.new"):
        (reports / left / FOLDER).mkdir(parents=True)
        (reports / left / FOLDER / "team-9-gone.html").write_text("names", encoding="utf-8")
    (reports / TERM / MIXED / "in the way").mkdir(parents=True)
    with pytest.raises(SurroundingsWrong, match=r"team-1-y3-4\.html"):
        report(fresh, AUTUMN)
    assert [left.name for left in reports.iterdir()] == [TERM]


def test_a_kernel_of_its_own_leaves_nothing_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("6 * 7")])
    made.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "Python"}
    (cell,) = execute(made, {}, "a", True).cells
    assert cell.outputs[0].data["text/plain"] == "42"
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_another_school_gives_later_does_not_reach_the_old_school(
    fresh: Programme,
) -> None:
    exports, upn = fresh.folder / "exports", "A990101025001"
    columns = [*COLUMNS, "upn"]
    rest = ["2016-10-30", "4", "Y3/4", upn]
    old = ["2025-26", "autumn", INVENTED, "019901", "Oldname", "Firstly", *rest]
    new = ["2025-26", "spring", PRETEND, "029901", "Newname", "Secondly", *rest]
    result = [*columns, "subject", "scale", "outcome"]
    add(exports / "a-roll.csv", columns, old)
    add(exports / "a-results.csv", result, [*old, "maths", "ta", "WTS"])
    add(exports / "b-roll.csv", columns, new)
    run(fresh, stages=("ingest", "flag"), term=AUTUMN)
    with open_warehouse(fresh) as con:
        found = con.execute("select surname from core.pupil where upn = ?", [upn]).fetchall()
    assert found == [("Newname",)]
    report(fresh, AUTUMN)
    pages = fresh.reports(AUTUMN).rglob("*.html")
    everything = "".join(file.read_text(encoding="utf-8") for file in pages)
    assert "Firstly Oldname (019901)" in shown(fresh, MIXED)
    assert "Newname" not in everything and "Secondly" not in everything


def test_rows_of_the_roll_that_could_not_be_loaded_are_said_to_be_missing(
    fresh: Programme,
) -> None:
    report(fresh, AUTUMN)
    assert "Nobody is left out" in shown(fresh, MIXED)
    who = ["2025-26", "autumn", INVENTED]
    add(
        fresh.folder / "exports/more-roll.csv",
        COLUMNS,
        [*who, "018801", "Lostby", "Nobody", "2016-10-30", "Year ?", "Y3/4"],
        [*who, "018802", "Lostfell", "Nobody", "2016-10-30", "Year ?", "Y3/4"],
        [*who, "018803", "Foundby", "Nobody", "2016-10-30", "4", "Y3/4"],
    )
    run(fresh, stages=("ingest", "flag"))
    report(fresh, AUTUMN)
    said = "2 rows of the school's roll could not be loaded; those pupils are missing here"
    assert f"{said}." in shown(fresh, HEAD)
    assert f"{said} or on another team's page." in shown(fresh, MIXED)
    assert "Nobody who was loaded is left out" in shown(fresh, MIXED)
    pretend = shown(fresh, f"{PRETEND}-pretend-primary/head-teacher.html")
    assert "could not be loaded" not in pretend
    add(
        fresh.folder / "exports/mended-roll.csv",
        COLUMNS,
        [*who, "018801", "Lostby", "Nobody", "2016-10-30", "4", "Y3/4"],
    )
    run(fresh, stages=("ingest", "flag"))
    report(fresh, AUTUMN)
    assert "1 row of the school's roll could not be loaded; that pupil is" in shown(fresh, MIXED)


def test_a_corrected_name_and_a_failed_check_are_new_issues(fresh: Programme) -> None:
    report(fresh, AUTUMN)
    pretend = f"{PRETEND}-pretend-primary/head-teacher.html"
    first, *others = PUPILS
    send(fresh.folder, INVENTED, "autumn", [("Nettlewicke", *first[1:]), *others])
    run(fresh, stages=("ingest", "flag"))
    report(fresh, AUTUMN)
    assert "issue 2" in shown(fresh, MIXED) and "issue 1" in shown(fresh, pretend)
    gate(fresh, PRETEND, errors=1)
    report(fresh, AUTUMN)
    assert "issue 2" in shown(fresh, MIXED) and "issue 2" in shown(fresh, pretend)


def test_a_note_says_which_assessments_differ(fresh: Programme) -> None:
    who = ["2025-26", "autumn", PRETEND]
    rest = ["2015-10-30", "5", "Larks", "maths"]
    kinds = [*who, "028801", "Kindsby", "Nobody", *rest]
    twice = [*who, "028802", "Twiceby", "Nobody", *rest]
    exports = fresh.folder / "exports"
    add(exports / "d-roll.csv", COLUMNS, kinds[:-1], twice[:-1])
    add(
        exports / "d-results.csv",
        [*COLUMNS, "subject", "scale", "assessment", "outcome"],
        [*kinds, "ta", "Autumn", "WTS"],
        [*kinds, "standardised", "Paper", "110"],
        [*twice, "ta", "Autumn", "EXS"],
        [*twice, "ta", "Moderated", "WTS"],
    )
    run(fresh, stages=("ingest", "flag"))
    report(fresh, AUTUMN)
    team = shown(fresh, f"{PRETEND}-pretend-primary/team-1-whole-school.html")
    rows = [line for line in team.split("<tr>") if "</th>" in line]
    of = {who: "".join(r for r in rows if who in r) for who in ("Kindsby", "Twiceby")}
    assert "teacher and test differ" in of["Kindsby"]
    assert "teacher and test differ" not in of["Twiceby"]
    assert "two assessments differ" not in of["Kindsby"]
    assert "two assessments differ" in of["Twiceby"]


def test_unseen_characters_are_taken_out_of_every_text() -> None:
    odd = "Zo\u202eë\x00 \x1bNet\u2066tle\x85wick\x7f"
    table = Table(odd, (odd,), [(odd,)]).block().html
    for text in (paragraph(odd).html, table, page(odd, "")):
        assert "Zoë Nettle wick" in text
        assert not set(text) & set("\u202e\u2066\x00\x1b\x85\x7f")


def test_a_name_is_cut_at_eighty_characters() -> None:
    assert name("N" * 80) == "N" * 80
    assert name("N" * 81) == "N" * 79 + "…"
    assert name("Zoë\nNettlewick") == "Zoë Nettlewick"
