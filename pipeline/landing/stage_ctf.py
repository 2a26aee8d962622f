"""From a common transfer file to `stage`: its columns are the standard ones already."""

import duckdb

from pipeline.landing.layouts.columns import RESULT_COLUMNS, standard_columns
from pipeline.landing.received import Received
from pipeline.warehouse.query import insert_rows

ABOUT_PUPIL = [c for c in standard_columns() if c not in RESULT_COLUMNS]
SAID = ", ".join(f'"{c}"' for c in (*ABOUT_PUPIL, "academic_year", "term"))
# A pupil of whom no result is taken is there all the same.
PUPILS_LEFT = f"""
insert into stage (file_id, line, item, pupil_line, pupil_item, {SAID})
select file_id, line, 0, line, 0, {SAID}
from stage
where file_id = ?
qualify bool_and(aside is not null and item > 0) over (partition by line)
  and row_number() over (partition by line order by item) = 1
"""


def stage_ctf(con: duckdb.DuckDBPyConnection, file: Received) -> None:
    """Pupils and results of a common transfer file, which are in standard columns already."""
    import pyarrow as pa

    assert file.ctf
    table, by_path = file.ctf, file.by_path
    columns = {
        c: pa.array([row.get(c) or by_path.get(c) or None for row in table.rows], type=pa.string())
        for c in standard_columns()
    }
    places = {
        "line": pa.array(table.lines, pa.int64()),
        "item": pa.array(table.items, pa.int32()),
    }
    con.register("ctf_rows", pa.table(places | columns))
    names = ", ".join(f'"{c}"' for c in (*places, *columns))
    con.execute(
        f"insert into stage (file_id, pupil_line, pupil_item, aside, {names}) "
        f"select {file.file_id}, line, item, "
        f"case when item > 0 and subject not in (select subject from reference.subject) "
        f"then 'a subject that the settings do not name' when item = 0 and term is null "
        f"then 'a pupil without a result or a term' end, {names} from ctf_rows"
    )
    con.unregister("ctf_rows")
    con.execute(PUPILS_LEFT, [file.file_id])
    aside = [(file.file_id, line, item, 1, reason) for line, item, reason in table.set_aside]
    insert_rows(con, "passed_over", ("file_id", "line", "item", "results", "reason"), aside)
    table.rows = []
