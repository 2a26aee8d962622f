"""The name of a release: a folder's name on every system, and nobody's name."""

import re

import duckdb

from pipeline.errors import WrongUsage
from pipeline.evaluation.allow_list import AllowList
from pipeline.evaluation.known import is_telling
from pipeline.programme import Programme
from pipeline.warehouse.query import first_value

LONGEST = 64
SHORTEST = 4  # letters: a release called "a" or "may-2026" is named after nobody
RESERVED = {"con", "prn", "aux", "nul"} | {f"{p}{n}" for p in ("com", "lpt") for n in range(10)}


def check_release_name(name: str) -> None:
    """Raises WrongUsage unless the name can be a folder's on Windows, macOS and Linux."""
    plain = re.match(r"^[A-Za-z0-9_-][A-Za-z0-9_.-]*$", name) and not name.endswith((".", "\n"))
    if not plain or len(name) > LONGEST or name.lower().split(".")[0] in RESERVED:
        raise WrongUsage(
            f"--release: not a name that a folder can have everywhere. Expected up to {LONGEST} "
            f"letters without accents, digits, hyphens, underscores and full stops, not beginning "
            f"or ending with a full stop, and none of the names that Windows keeps for itself "
            f"(CON, NUL, COM1, …); for example 2025-26-summer-1"
        )


def refuse_existing(programme: Programme, name: str) -> None:
    """Raises WrongUsage where a release has this name, in whatever case."""
    folder = programme.release(name).parent
    for other in folder.iterdir() if folder.is_dir() else ():
        if other.name.lower() == name.lower() and (not other.is_dir() or any(other.iterdir())):
            raise WrongUsage(
                f"--release {other.name}: made already, and a release is never changed. "
                f"Give the new one another name."
            )


def refuse_known(con: duckdb.DuckDBPyConnection, name: str, allowed: AllowList) -> None:
    """Raises WrongUsage where a part of the name identifies; `temp.known` is made before."""
    parts = re.split(r"[^a-z0-9]+", name.lower())
    ours = allowed.vocabulary | allowed.filler | allowed.months
    forms = {name.lower(), "".join(parts), *parts} - ours
    found = first_value(
        con,
        f"select count(*) from known where part in ('whole', 'word') "
        f"and form in (select unnest(?)) and {is_telling('form', SHORTEST)}",
        [sorted(forms)],
    )
    if found:
        raise WrongUsage(
            "--release: a part of the name is also a name or a number of a pupil, a school, a "
            "class or a member of staff. Give a name made of the term and a number, such as "
            "2025-26-summer-1"
        )
