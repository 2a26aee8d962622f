"""What earlier checks found: issues stay known after they are mended, and verdicts as they change.

It cannot be made from exports and settings, so it stands in `audit` and a rebuild copies it.
"""

from pathlib import Path

import duckdb

QUERIES = Path(__file__).parent / "queries"


def keep_history(con: duckdb.DuckDBPyConnection) -> None:
    """Write down what this check found; needs `this_run`, `accuracy.issue` and `accuracy.gate`."""
    for name in ("issue_history", "verdict_history"):
        con.execute((QUERIES / f"{name}.sql").read_text(encoding="utf-8"))
