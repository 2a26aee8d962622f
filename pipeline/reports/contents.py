"""What the warehouse holds for a term: its schools and their teams, and the pages due for them."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.calendar import Term
from pipeline.programme import Programme
from pipeline.reports.issues import Issued
from pipeline.reports.names import (
    FIX_LIST_BOOK,
    FIX_LIST_PAGE,
    HEAD_TEACHER_PAGE,
    school_folder,
    team_page,
)
from pipeline.reports.source import Rows, ask
from pipeline.reports.workers import FIX_LIST, Job
from pipeline.warehouse.connection import open_warehouse

NOBODY = "nobody is judged"
TITLE = "Fix list"


@dataclass(frozen=True)
class Contents:
    """Rows of the queries of the same names."""

    schools: Rows
    teams: Rows
    fingerprints: dict[int, str]
    unplaced: Rows


def read_contents(programme: Programme, term: Term) -> Contents:
    """The schools of a term, from a connection of its own that is closed at the end."""
    with open_warehouse(programme, read_only=True) as con:
        given = {"term_no": term.term_no}
        prints = {r.school_id: r.fingerprint for r in ask(con, "fingerprints", **given)}
        schools, teams = ask(con, "schools", **given), ask(con, "teams", **given)
        return Contents(schools, teams, prints, ask(con, "unplaced"))


def jobs(
    programme: Programme,
    term: Term,
    contents: Contents,
    issued: Issued,
    aside: Path,
    isolated: bool,
) -> list[Job]:
    """The pages to make, in the order of the first page; none for a school not yet received."""
    found: list[Job] = []
    for school in contents.schools:
        if not (school.files or school.pupils or school.passed is not None):
            continue
        school_id, school_name = school.school_id, school.school_name
        given = {
            "folder": str(programme.folder.resolve()),
            "term": term.label,
            "school_id": school_id,
            "issue": issued.number(school_id, contents.fingerprints.get(school_id, NOBODY)),
        }
        place, title = aside / school_folder(school_id, school_name), f"{school_name}, {term.title}"
        head = "Head teacher"
        found.append(
            Job(
                "head_teacher", head, f"{head}, {title}", given, place / HEAD_TEACHER_PAGE, isolated
            )
        )
        for t in contents.teams:
            if t.school_id == school_id:
                number, team = t.team_no, t.team
                file = place / team_page(number, team)
                team_given = {**given, "team_no": number}
                template = "achievement_team" if t.pupils_due else "nothing_due"
                found.append(Job(template, team, f"{team}, {title}", team_given, file, isolated))
        if school.passed is not None:
            page, book = place / FIX_LIST_PAGE, place / FIX_LIST_BOOK
            found.append(Job(FIX_LIST, TITLE, f"{TITLE}, {title}", given, page, beside=book))
    return found
