"""File and folder names made from what schools call things, safe on every system."""

import re
import unicodedata

LONGEST = 40


def slug(text: str) -> str:
    """Lower-case letters, digits and hyphens only; at most 40 characters, never empty.

    `Y3/4` becomes `y3-4`. Different texts may give the same slug, so a name made from it begins
    with a number that does not repeat.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].rstrip("-") or "unnamed"


def school_folder(school_id: int, school_name: str) -> str:
    """Folder of a school's pages, to be handed over whole."""
    return f"{school_id}-{slug(school_name)}"


def team_page(team_no: int, team: str) -> str:
    """File of the page of an Achievement Team."""
    return f"team-{team_no}-{slug(team)}.html"


HEAD_TEACHER_PAGE = "head-teacher.html"
FIX_LIST_PAGE, FIX_LIST_BOOK = "fix-list.html", "fix-list.xlsx"
