"""Which pupil a number means. Messages name schools and the program's numbers, never a pupil."""

from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import WrongUsage
from pipeline.identifiers import upn_kind
from pipeline.reports import words
from pipeline.warehouse.query import named_rows

FOUND = (Path(__file__).parent / "queries" / "found.sql").read_text(encoding="utf-8")
AMONG_SCHOOLS = "achievement status FOLDER lists the schools"


def pupil_of(con: duckdb.DuckDBPyConnection, number: str, school: str | None) -> int:
    """The `pupil_id` that an admission number or the program's own number means.

    Raises WrongUsage where it means nobody, or several pupils, with what tells them apart.
    """
    number = number.strip()
    if upn_kind(number.upper()) != "invalid":
        raise WrongUsage(
            "PUPIL: that looks like a UPN. Expected an admission number, or the program's own "
            "number of the pupil: a UPN is for matching only, and should not be typed into "
            "commands, which computers keep."
        )
    found = named_rows(con, FOUND, {"number": number})
    if school is not None:
        these = _schools(con, school)
        found = [row for row in found if row.school_id in these]
    pupils = dict.fromkeys(row.pupil_id for row in found)
    if len(pupils) == 1:
        return int(found[0].pupil_id)
    if not pupils:
        at = " at this school" if school else ""
        raise WrongUsage(
            f"PUPIL: nobody{at} has had this admission number, and it is not the program's own "
            f"number of a pupil. Expected one as on the pages, with the zeros in front. A pupil "
            f"whose rows were all set aside or not loaded is on the school's fix list."
        )
    listed = "; ".join(_which(row) for row in found)
    if len({row.school_id for row in found}) == len(found):
        raise WrongUsage(
            f"PUPIL: {len(pupils)} pupils have had this admission number: {listed}. Name the "
            f"school, for example: --school {found[0].school_id}"
        )
    raise WrongUsage(
        f"PUPIL: {len(pupils)} pupils have had this admission number, not all at different "
        f"schools: {listed}. Give the program's own number instead."
    )


def _which(row: Any) -> str:
    when = "on no roll"
    if row.first_term_no is not None:
        since, until = words.term(row.first_term_no), words.term(row.last_term_no)
        when = since if since == until else f"{since} to {until}"
    return f"{row.pupil_id} at {row.school_name} ({row.school_id}), {when}"


def _schools(con: duckdb.DuckDBPyConnection, school: str) -> set[int]:
    """Schools that a number or a name means. Raises WrongUsage where it means none."""
    named = named_rows(con, "select school_id, urn, laestab, school_name from core.school")
    plain = " ".join(school.lower().split())
    digits = plain.replace("/", "")
    found = {
        row.school_id
        for row in named
        if digits in {str(row.school_id), str(row.urn), str(row.laestab)}
        or plain == " ".join(str(row.school_name).lower().split())
    }
    if not found:
        raise WrongUsage(
            f"--school: no school that has sent anything has this number or name. Expected a URN, "
            f"a LAESTAB or the name; {AMONG_SCHOOLS}."
        )
    return found
