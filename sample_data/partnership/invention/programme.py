"""The settings and the Achievement Teams of the fictional programme."""

from __future__ import annotations

from invention import names
from invention.chance import Chance
from invention.schools import SCHOOLS, School

SETTINGS = """\
# The fictional partnership. Only what differs from the defaults stands here.

subjects = ["maths", "reading", "writing"]

# Reception is left out: its pupils are assessed against the early learning goals,
# which none of these schools exports.
[[due]]
year_groups = ["1", "2", "3", "4", "5", "6"]
subjects = ["maths", "reading", "writing"]
terms = ["autumn", "spring", "summer"]
"""
# Schools whose files do not say whose they are: their folders do.
NAMED_BY_FOLDERS = ("thornlow", "bramblecote")
# Schools whose own exports name no teacher.
TEACHERS_IN_TEAMS = ("quillmere", "bramblecote")


def pipeline_toml() -> str:
    """pipeline.toml."""
    parts = [SETTINGS]
    for school in SCHOOLS:
        parts.append(
            f"\n[[school]]\nurn = {school.urn}\nlaestab = {school.laestab}\n"
            f'name = "{school.name}"\n'
        )
        if school.key in NAMED_BY_FOLDERS:
            parts.append(f'also = ["{school.key}"]\n')
        if school.reports.startswith("ta"):
            parts.append('meaning = { ta = "this_point_in_year" }\n')
    return "".join(parts)


def team_rows(chance: Chance) -> list[list[str]]:
    """teams.csv, header first: every class of every school, and who looks after it."""
    rows: list[list[str]] = []
    for school in SCHOOLS:
        leaders: dict[str, str] = {}
        for year in range(school.youngest, 7):
            team = team_of(school, year)
            leader = leaders.setdefault(team, names.teacher(chance))
            for class_name in dict.fromkeys(school.class_name(year, half) for half in (0, 1)):
                rows += _rows_of(chance, school, class_name, team, leader)
    header = ["school", "class_name", "team", "team_leader", "teacher", "from_date", "to_date"]
    return [header, *_without_repeats(rows)]


def team_of(school: School, year: int) -> str:
    """The team of a year: a slash in the name at the school with mixed-age classes."""
    if year <= 0:
        return "Early Years"
    pair = (year + 1) // 2
    if school.key == "thornlow":
        return ("Infants", "Y3/4", "Y5/6")[pair - 1]
    if school.pupils_a_year > 30:
        return f"Years {2 * pair - 1} and {2 * pair}"
    return ("Key Stage 1", "Lower Key Stage 2", "Upper Key Stage 2")[pair - 1]


def _rows_of(
    chance: Chance, school: School, class_name: str, team: str, leader: str
) -> list[list[str]]:
    row = [str(school.urn), class_name, team]
    if school.key in TEACHERS_IN_TEAMS:
        return [
            [*row, leader, names.teacher(chance), "2024-09-01", "2025-08-31"],
            [*row, leader, names.teacher(chance), "2025-09-01", ""],
        ]
    if class_name == "Kestrel":
        # The team leader changed at Christmas for this class only.
        return [
            [*row, leader, "", "2024-09-01", "2025-12-31"],
            [*row, names.teacher(chance), "", "2026-01-01", ""],
        ]
    return [[*row, leader, "", "", ""]]


def _without_repeats(rows: list[list[str]]) -> list[list[str]]:
    """A mixed-age class comes up once for each of its years; the first row stands."""
    return [list(row) for row in dict.fromkeys(map(tuple, rows))]
