"""The least that can be done with an export: DuckDB reads it into a table of text in a file."""

import sys
from pathlib import Path

import duckdb


def main(export: Path, database: Path) -> None:
    """Write the table `raw` with DuckDB as it comes; nothing is set, counted, kept or judged."""
    database.unlink(missing_ok=True)
    con = duckdb.connect(str(database))
    source = str(export).replace("'", "''")
    con.execute(f"create table raw as select * from read_csv('{source}', all_varchar = true)")
    con.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
