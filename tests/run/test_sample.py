"""The termly run over the sample partnership, as `make run` does it."""

import csv
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample_data" / "partnership"
LATEST = "2025-26-summer"


def achievement(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("termly") / "partnership"
    made = achievement("init", str(folder), "--sample")
    assert made.returncode == 0, made.stderr
    done = achievement("run", str(folder), "--json")
    assert done.returncode == 11, done.stderr
    return folder, json.loads(done.stdout)


@pytest.fixture(scope="module")
def warehouse(ran: tuple[Path, dict]) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(ran[0] / "warehouse.duckdb"), read_only=True)


def test_the_latest_term_is_chosen_and_the_two_schools_with_errors_are_told_apart(ran):
    _, told = ran
    assert told["term"] == LATEST
    failed = {s["school_id"] for s in told["accuracy"]["schools"] if not s["passed"]}
    assert failed == {990002, 990006}


def test_every_row_of_every_file_is_loaded_rejected_or_skipped(warehouse):
    wrong = warehouse.execute(
        "select file_id from landing.export_file "
        "where rows_read <> rows_loaded + rows_rejected + rows_skipped or status <> 'loaded'"
    ).fetchall()
    assert wrong == []


def test_every_file_and_sheet_is_understood_as_what_it_was_written_as(warehouse):
    with (SAMPLE / "files.csv").open(encoding="utf-8", newline="") as file:
        written = {(f["file"], f["layout"], int(f["rows"])) for f in csv.DictReader(file)}
    read = warehouse.execute("select file_name, layout, rows_read from landing.export_file")
    assert set(read.fetchall()) == written


def test_the_sample_comes_in_the_layouts_and_formats_of_real_schools(warehouse):
    layouts = {
        row[0]
        for row in warehouse.execute("select distinct layout from landing.export_file").fetchall()
    }
    assert layouts == {
        f"{name}/1"
        for name in (
            *("standard-roll", "standard-results", "marksheet", "pupil-list", "trust-long"),
            *("standardised-tests", "pupil-premium", "key-stage-2", "ctf"),
        )
    }
    formats = {p.suffix for p in (SAMPLE / "exports").rglob("*") if p.is_file()}
    assert formats == {".csv", ".tsv", ".xlsx", ".xml", ".zip"}
    texts = [p.read_bytes() for p in (SAMPLE / "exports").rglob("*.csv") if "~$" not in p.name]
    assert any(b";" in text.splitlines()[0] for text in texts)
    assert any(not _is_utf8(text) for text in texts)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_a_row_of_totals_is_no_pupil_and_a_result_with_a_star_or_a_space_is_one(warehouse):
    totals = warehouse.execute(
        "select count(*) from landing.skipped_row as s join landing.export_file as f "
        "using (file_id) where s.reason = 'a row of totals' and f.layout = 'marksheet/1'"
    ).fetchall()
    assert totals == [(6,)]
    found = warehouse.execute(
        "select f.layout, count(*), bool_and(r.outcome_on_scale) from landing.export_row as r "
        "join landing.export_file as f using (file_id) "
        "where r.outcome_as_sent like '%*' or r.outcome_as_sent like '% ' "
        "group by f.layout order by f.layout"
    ).fetchall()
    assert [layout for layout, _, _ in found] == ["marksheet/1", "trust-long/1"]
    assert all(number > 20 and on_scale for _, number, on_scale in found)


def test_results_of_a_subject_that_the_settings_do_not_name_are_counted_and_left_aside(warehouse):
    left = warehouse.execute(
        "select f.layout, count(*) > 40 from landing.skipped_row as s "
        "join landing.export_file as f using (file_id) "
        "where s.reason = 'a subject that the settings do not name' group by f.layout"
    ).fetchall()
    assert left == [("ctf/1", True)]


def test_every_planted_error_is_found_where_it_was_planted_and_no_other_error_is(warehouse):
    found = warehouse.execute(
        "select f.file_name, i.line, i.rule_code, i.school_id::varchar, i.academic_year, i.term, "
        "r.severity from accuracy.issue as i join accuracy.rule as r using (rule_code) "
        "left join landing.export_file as f using (file_id)"
    ).fetchall()
    at_line = {row[:3] for row in found}
    in_term = {row[2:6] for row in found}
    planted = list(csv.DictReader((SAMPLE / "planted_errors.csv").open(encoding="utf-8")))
    assert len(planted) >= 25
    lines = {(p["file"], int(p["line"]), p["rule_code"]) for p in planted if p["line"]}
    terms = {
        (p["rule_code"], p["school"], p["academic_year"], p["term"])
        for p in planted
        if not p["line"]
    }
    assert lines - at_line == set()
    assert terms - in_term == set()
    errors = [row for row in found if row[6] == "error"]
    assert [r for r in errors if r[:3] not in lines and r[2:6] not in terms] == []


def test_a_page_for_each_team_and_head_teacher_and_the_index_finds_each(ran, warehouse):
    folder, told = ran
    reports = folder / "reports" / LATEST
    pages = {p.relative_to(reports).as_posix() for p in reports.rglob("*.html")} - {"index.html"}
    teams = warehouse.execute(
        "select count(distinct (school_id, team)) from core.enrolment "
        "where term_no = 3 * 2025 + 2 and on_roll"
    ).fetchall()[0][0]
    assert len(pages) == told["pages"] == teams + 2 * 6
    books = {p.relative_to(reports).as_posix() for p in reports.rglob("*.xlsx")}
    index = (reports / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="([^"#]+)"', index)) == pages | books
    assert {b.replace(".xlsx", ".html") for b in books} == {p for p in pages if "fix-list" in p}


def test_pages_load_nothing_from_elsewhere(ran):
    for page in (ran[0] / "reports").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"(src|href)\s*=\s*[\"']?\s*(https?:)?//", text), page.name
        assert "<script" not in text


def test_each_stage_of_the_run_is_kept_with_its_seconds_and_rows(ran, warehouse):
    kept = warehouse.execute(
        "select stage, seconds > 0, rows_handled > 0 from audit.stage order by started_at"
    ).fetchall()
    assert kept == [(stage, True, True) for stage in ("ingest", "check", "flag", "report")]
    assert warehouse.execute("select outcome from audit.run").fetchall() == [("gate failed",)]


def test_no_pupil_stands_in_logs(ran, warehouse):
    logs = "".join(p.read_text(encoding="utf-8") for p in (ran[0] / "logs").iterdir())
    words = set(re.findall(r"\w+", logs))
    for column in ("upn", "surname"):
        known = {
            row[0]
            for row in warehouse.execute(f"select distinct {column} from core.pupil").fetchall()
        }
        assert not known & words


def test_nothing_private_is_left_and_only_the_user_may_look_in(ran):
    folder, _ = ran
    assert not (folder / ".private").exists()
    if sys.platform != "win32":
        assert (folder.stat().st_mode & 0o077) == 0
        assert ((folder / "warehouse.duckdb").stat().st_mode & 0o077) == 0


def test_the_sample_is_what_its_generator_makes(tmp_path):
    done = subprocess.run(
        [sys.executable, str(SAMPLE / "generate.py"), "--out", str(tmp_path)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = {p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file()}
    assert len(made) > 80
    kept = {p.relative_to(SAMPLE) for p in (SAMPLE / "exports").rglob("*") if p.is_file()}
    assert {name for name in made if name.parts[0] == "exports"} == kept
    assert [n for n in sorted(made) if _content(tmp_path / n) != _content(SAMPLE / n)] == []


def _content(path: Path) -> bytes | dict[str, bytes]:
    """Bytes of a file; of a workbook or archive those that are in it, however it is packed."""
    if path.suffix not in (".xlsx", ".zip"):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# Last: these change the folder that the others look at.


def test_a_second_run_reads_nothing_again_and_changes_no_status(ran, warehouse):
    folder, _ = ran
    before = warehouse.execute("from progress.status order by all").fetchall()
    ledger = (folder / "archive" / "ledger.jsonl").read_bytes()
    warehouse.close()
    done = achievement("run", str(folder), "--json")
    assert done.returncode == 11, done.stderr
    told = json.loads(done.stdout)
    assert (told["files"]["loaded"], told["files"]["unchanged"]) == (0, 108)
    assert (folder / "archive" / "ledger.jsonl").read_bytes() == ledger
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as again:
        assert again.execute("from progress.status order by all").fetchall() == before


def test_a_release_is_published_once_and_told_apart_from_a_run(ran, tmp_path):
    folder, _ = ran
    settings = folder / "pipeline.toml"
    key = (tmp_path / "pseudonym.key").as_posix()
    settings.write_text(
        settings.read_text(encoding="utf-8") + f'\n[privacy]\nkey_file = "{key}"\n',
        encoding="utf-8",
    )
    assert not (folder / "evaluators").exists()
    done = achievement("publish", str(folder), "--release", "first")
    assert done.returncode == 0, done.stderr
    again = achievement("publish", str(folder), "--release", "first")
    assert again.returncode == 2
    assert "Traceback" not in again.stderr
