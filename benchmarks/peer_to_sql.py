"""What a user would write to fill a database from one export: pandas `read_csv`, `merge`, `to_sql`.

As pandas' documentation shows it, with SQLAlchemy: into DuckDB, where the notebooks are to read it,
or into SQLite, which takes rows one by one much faster. It counts no lines, keeps no archive,
rejects nothing and understands no value.
"""

import sys
from pathlib import Path

import pandas as pd
from sqlalchemy import create_engine

PUPIL = ["upn", "surname", "forename", "date_of_birth", "sex"]
ENROLMENT = [
    *("pupil_id", "school", "academic_year", "term", "admission_number", "year_group"),
    *("class_name", "pupil_premium", "sen", "eal", "ethnicity", "attendance_percent"),
]
RESULT = [
    "pupil_id",
    "school",
    "academic_year",
    "term",
    "subject",
    "scale",
    "assessment",
    "outcome",
]


def main(export: Path, database: Path, kind: str) -> None:
    """Read an export and write the tables pupil, enrolment and result."""
    database.unlink(missing_ok=True)
    rows = pd.read_csv(export, dtype=str)
    pupils = rows.drop_duplicates("upn")[PUPIL].reset_index(names="pupil_id")
    results = rows.merge(pupils[["upn", "pupil_id"]], on="upn")
    engine = create_engine(f"{kind}:///{database}")
    with engine.begin() as connection:
        pupils.to_sql("pupil", connection, index=False, chunksize=10_000)
        enrolments = results.drop_duplicates(["pupil_id", "school", "academic_year", "term"])
        enrolments[ENROLMENT].to_sql("enrolment", connection, index=False, chunksize=10_000)
        results[RESULT].to_sql("result", connection, index=False, chunksize=10_000)
    engine.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
