"""Nothing of a pupil gets out: canaries are planted, and everything that a run leaves is searched.

The warehouse, the archive and what schools sent hold pupils; so do a school's own pages and fix
list, and no other school's. All else is searched: logs, JSON, what the commands say, the first
page, file names, the evaluators' file.
"""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.programme import Programme
from tests.conftest import ROOT, a_upn, put
from tests.stages.schools import changed, files_of, results_of, roll_of

pytestmark = pytest.mark.slow

SCHOOLS = (990001, 990002)
PUPILS = 12
# What only insiders of one school may read, for each school; the outcome is on no scale.
NAMES = {990001: ("Canarybird", "Serinusa"), 990002: ("Goldfinchley", "Cardueline")}
BORN = {990001: "2018-02-27", 990002: "2018-02-26"}
OUTCOMES = {990001: "CANARYOUT", 990002: "FINCHOUT"}
NUMBERS = {990001: "CNR4711", 990002: "GLD4711"}
PRIVATE = ("exports", "archive", "warehouse.duckdb", "corrections.toml")
REASON = "Canarybird's mother is asked"


def sent(school: int) -> dict[str, str | bytes]:
    """A school of twelve in which the canary breaks rules of every kind."""
    surname, forename = NAMES[school]
    canary = {
        "surname": surname,
        "forename": forename,
        "date_of_birth": BORN[school],
        "admission_number": NUMBERS[school],
    }
    roll, results = roll_of(school, PUPILS), results_of(school, PUPILS)
    for row in roll[:1] + results[:3]:
        row |= canary
    roll[0]["class_name"] = ""
    roll += [roll[0] | {"upn": a_upn(school % 100 * 1000 + 900), "admission_number": ""}]
    results[0]["outcome"] = OUTCOMES[school]
    results[1]["scale"] = surname
    results[2]["subject"] = surname
    results += [results[0] | {"outcome": "EXS", "year_group": surname}]
    results += [results[0] | {"upn": surname, "admission_number": "", "term": surname}]
    results += [results[0] | {"upn": "", "admission_number": "", "surname": "", "school": surname}]
    roll[1] |= {"sen": surname, "pupil_premium": BORN[school], "upn": OUTCOMES[school]}
    return files_of(school, changed_year(roll), results)


def changed_year(roll: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pupil 3 is in a year group that the date of birth does not fit."""
    plain = [row for row in roll if row["admission_number"].isdigit()]
    others = [row for row in roll if not row["admission_number"].isdigit()]
    return others + changed(plain, 3, year_group="6")


def tokens(school: int) -> list[str]:
    """Everything that stands for a pupil of a school, in each way in which it might be written."""
    year, month, day = BORN[school].split("-")
    upns = [a_upn(school % 100 * 1000 + n) for n in (*range(1, PUPILS + 1), 900)]
    dates = [BORN[school], f"{day}/{month}/{year}", f"{day}.{month}.{year}", f"{day}{month}{year}"]
    return [*NAMES[school], NUMBERS[school], OUTCOMES[school], *dates, *upns]


def text_of(path: Path) -> str:
    """All text of a file, also of one that is packed."""
    if path.suffix in (".xlsx", ".zip"):
        with zipfile.ZipFile(path) as packed:
            return "\n".join(packed.read(n).decode("utf-8", "replace") for n in packed.namelist())
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as con:
            names = con.execute("select schema_name || '.' || table_name from duckdb_tables()")
            tables = [name for (name,) in names.fetchall()]
            return "\n".join(str(con.execute(f"from {name}").fetchall()) for name in tables)
    return path.read_text(encoding="utf-8", errors="replace")


def achievement(*words: object) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own; the key of the session's own configuration."""
    command = [sys.executable, "-m", "pipeline", *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Programme, str]:
    """A programme run twice, with all that its commands said."""
    programme = Programme(tmp_path_factory.mktemp("canaries") / "programme")
    said = [achievement("init", programme.folder)]
    for school in SCHOOLS:
        put(programme, sent(school))
    said.append(achievement("run", programme.folder, "--json"))
    programme.corrections_file.write_text(
        f'[[accepted]]\nrule = "class_missing"\nschool = {SCHOOLS[0]}\n'
        f'academic_year = "2025-26"\nterm = "autumn"\npupil = "{NUMBERS[SCHOOLS[0]]}"\n'
        f'reason = "{REASON}"\nuntil = 2020-01-01\nby = "{NAMES[SCHOOLS[0]][1]}"\n',
        encoding="utf-8",
    )
    files = {f"again/{name}": text for name, text in sent(SCHOOLS[1]).items()}
    put(programme, {n: str(t).replace("Kestrel", "Merlin") for n, t in files.items()})
    said.append(achievement("run", programme.folder))
    said.append(achievement("status", programme.folder, "--json", "--files"))
    said.append(achievement("status", programme.folder, "--files"))
    said.append(achievement("publish", programme.folder, "--release", "first"))
    assert {ran.returncode for ran in said} <= {0, 11}
    return programme, "\n".join(ran.stdout + ran.stderr for ran in said)


def test_no_canary_is_found_outside_the_warehouse_the_archive_and_the_schools_own_pages(
    done: tuple[Programme, str],
) -> None:
    programme, said = done
    everything = [(school, token) for school in SCHOOLS for token in tokens(school)]
    assert [token for _, token in everything if token in said] == []
    searched = 0
    for path in sorted(programme.folder.rglob("*")):
        place = path.relative_to(programme.folder)
        if not path.is_file() or place.parts[0] in PRIVATE:
            continue
        owner = next((s for s in SCHOOLS if place.parts[2:3] and str(s) in place.parts[2]), None)
        assert [token for _, token in everything if token in str(place)] == []
        text = text_of(path)
        searched += 1
        found = [t for school, t in everything if school != owner and t in text]
        assert found == [], place
        assert not [t for t in tokens(owner or SCHOOLS[0]) if re.fullmatch("[A-Z][0-9]{12}", t)
                    and t in text], place  # fmt: skip
    assert searched > 10


def test_the_canaries_were_there_to_be_found(done: tuple[Programme, str]) -> None:
    programme, said = done
    (page,) = programme.folder.glob(f"reports/*/{SCHOOLS[0]}-*/fix-list.html")
    (book,) = programme.folder.glob(f"reports/*/{SCHOOLS[0]}-*/fix-list.xlsx")
    assert all(name in text_of(file) for file in (page, book) for name in NAMES[SCHOOLS[0]])
    with duckdb.connect(str(programme.warehouse), read_only=True) as con:
        rules = con.execute("select count(distinct rule_code) from accuracy.issue").fetchall()
        assert rules[0][0] >= 8
    assert "class_missing" in said
    validations = sorted((programme.folder / "logs").glob("validation-*.json"))
    assert len(validations) == 2
    kept = json.loads(validations[-1].read_text(encoding="utf-8"))
    assert {"gates", "expectations", "outcomes"} <= set(kept)
