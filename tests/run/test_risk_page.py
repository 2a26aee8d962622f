"""Risk on a team's page: shown with last year's, or not shown and why, or not there at all."""

import csv
import html
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pipeline.calendar import Term
from pipeline.programme import Programme
from pipeline.run import run

SETTINGS = """
subjects = ["maths", "reading"]

[[due]]
year_groups = ["4", "5"]
terms = ["summer"]

[[paper]]
scale = "standardised"
reliability = 0.9

[risk]
most_calibration_error = 0.15
"""
NOW, SCHOOLS, PUPILS = 2025, 6, 40
pytestmark = pytest.mark.slow
HEADER = (
    *("academic_year", "term", "school", "upn", "admission_number", "surname", "forename"),
    *("date_of_birth", "sex", "year_group", "class_name", "subject", "scale", "outcome"),
    *("assessment", "assessment_kind"),
)


def write_exports(folder: Path) -> None:
    """Three cohorts in Year 4 and a year later in Year 5, in six invented schools.

    In reading last year's Year 4 turned over: those who were low are high now, and the other way.
    """
    dice = np.random.default_rng(6)
    files: dict[tuple[int, int], list[tuple[object, ...]]] = {}
    number = 0
    for cohort in range(3):
        for school in range(SCHOOLS):
            for _ in range(PUPILS):
                number += 1
                ability = dice.normal(0, 13)
                for year_group in (4, 5):
                    year = NOW - 2 + cohort + year_group - 4
                    for subject in ("maths", "reading") if year <= NOW else ():
                        turned = subject == "reading" and (cohort, year_group) == (1, 5)
                        mark = 97 + (-ability if turned else ability) + dice.normal(0, 5)
                        files.setdefault((year, school), []).append((
                            f"{year}-{(year + 1) % 100:02d}", "summer", 990001 + school, "",
                            f"A{number:05d}", f"Marrow{number}", "Thistle",
                            f"{NOW - 8 - 2 + cohort}-01-15", "F", year_group, f"{year_group}A",
                            subject, "standardised", int(np.clip(round(mark), 70, 140)),
                            "Marrow Test", "test",
                        ))  # fmt: skip
    (folder / "exports").mkdir()
    for (year, school), rows in files.items():
        path = folder / "exports" / f"{year}-{school}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *rows])


def team_page(folder: Path) -> str:
    """The text of the first school's team page, without tags."""
    (page,) = (folder / "reports").glob("*/990001-*/team-1-*.html")
    text = re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8"))
    return html.unescape(re.sub(r"\s+", " ", text))


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("risk") / "partnership"
    folder.mkdir()
    write_exports(folder)
    yield folder


def reported(folder: Path, settings: str) -> str:
    (folder / "pipeline.toml").write_text(settings, encoding="utf-8")
    run(Programme(folder), term=Term(3 * NOW + 2))
    return team_page(folder)


def test_a_team_page_tells_risks_with_what_came_of_last_years_or_why_not(programme: Path) -> None:
    page = reported(programme, SETTINGS + "shown = true\n")
    risk = page[page.index("Risk of being below at the next summer") :]
    risk = risk[: risk.index("How to read this page")]
    maths, reading = risk.split(" Reading ")
    assert f"Year 4: risk in maths ({PUPILS})" in maths
    assert re.search(r"\(A\d+\) 4A Year 4 below 9\d%: about 9\d in 100", maths)
    assert re.search(
        r"Of the \d+ pupils of all schools who last year would have been given 90–100%, \d+ were "
        r"below\. Each of these figures comes from pupils of other schools, of earlier years\.",
        maths,
    )
    assert re.search(r"Given Pupils Were below 0–10% \d+ \d+", maths)
    assert "risk in reading" not in reading
    assert re.search(
        r"Year 4: no risk is shown, because last year what pupils would have been told and what "
        r"came lay 0\.[2-9]\d+ apart on average; 0\.15 is the most allowed\. With 240 pupils, 0\.0",
        reading,
    )
    assert "Year 5: too few earlier pupils to learn from" in maths
    assert "at or above what is expected, but truly below with 20% or more" in maths


def test_unless_asked_for_no_page_speaks_of_risk(programme: Path) -> None:
    assert "Risk of being below" not in reported(programme, SETTINGS)
