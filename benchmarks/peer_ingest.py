"""What a user would write instead of the ingest: pandas over every file, into a DuckDB file.

It only reads, matches pupils by UPN and writes the results; it counts no lines, keeps no archive
and rejects nothing.
"""

import sys
from pathlib import Path

import duckdb
import pandas as pd


def main(exports: Path, warehouse: Path) -> None:
    """Read `exports/**.csv` and write the tables pupil and result."""
    warehouse.unlink(missing_ok=True)
    files = sorted(exports.rglob("*.csv"))
    frames = [pd.read_csv(f, dtype=str).assign(file=f.name) for f in files]
    rows = pd.concat(frames, ignore_index=True)
    pupils = rows.drop_duplicates("upn")[
        ["upn", "surname", "forename", "date_of_birth", "sex"]
    ].reset_index(names="pupil_id")
    results = rows.merge(pupils[["upn", "pupil_id"]], on="upn")
    con = duckdb.connect(str(warehouse))
    con.register("pupil_frame", pupils)
    con.register("result_frame", results)
    con.execute("create table pupil as from pupil_frame")
    con.execute("create table result as from result_frame")
    con.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
