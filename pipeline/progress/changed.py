"""Which terms have to be flagged again: those whose results, enrolments, norms or rules changed.

A status looks back, never forward, so that from the first term that changed all are made anew, and
those before it stand.
"""

import hashlib
from pathlib import Path

import duckdb

from pipeline import __version__
from pipeline.warehouse.query import first_row
from pipeline.warehouse.tables import tables

HERE = Path(__file__).parent
TERMS_NOW = HERE / "queries" / "terms_now.sql"
FIRST_CHANGED = """
select
  min(coalesce(n.term_no, f.term_no)) filter (where n.made_from is distinct from f.made_from),
  min(coalesce(n.term_no, f.term_no)),
  max(coalesce(n.term_no, f.term_no))
from terms_now as n
full join audit.flagged_term as f
  on f.term_no = n.term_no
"""
REMEMBER = """
delete from audit.flagged_term;
insert into audit.flagged_term by name select term_no, made_from from terms_now;
drop table terms_now
"""


def changed_terms(con: duckdb.DuckDBPyConnection) -> tuple[int | None, bool, int]:
    """Number of the first term to flag, None where nothing has changed; whether that is all of
    them; and the last term there is. Needs the table `kept_norm`; ends with `remember_terms`."""
    names = {"result": "core.result", "enrolment": "core.enrolment", "norm": "progress.norm"}
    sql = TERMS_NOW.read_text(encoding="utf-8").format(
        **{
            f"{name}_columns": ", ".join(f'"{c.name}"' for c in tables()[table].columns)
            for name, table in names.items()
        }
    )
    con.execute(f"create or replace temp table terms_now as\n{sql}", {"rules": _rules(con)})
    first, earliest, last = first_row(con, FIRST_CHANGED) or (None, None, None)
    return first, first == earliest, last or 0


def remember_terms(con: duckdb.DuckDBPyConnection) -> None:
    """Keep what the statuses are made from now."""
    con.execute(REMEMBER)


def _rules(con: duckdb.DuckDBPyConnection) -> str:
    """SHA-256 of all that is the same for every term: settings, scales and the models."""
    found = [__version__]
    for name in tables():
        if name.startswith("reference."):
            found.append(str(con.execute(f"from {name} order by all").fetchall()))
    for path in sorted([*HERE.glob("models/*/*.sql"), *HERE.glob("queries/*.sql")]):
        found.append(path.read_text(encoding="utf-8"))
    return hashlib.sha256("\n".join(found).encode()).hexdigest()
