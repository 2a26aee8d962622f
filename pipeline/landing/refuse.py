"""Files refused after their rows were judged: dates in another order, or no row that loads."""

import duckdb

from pipeline.landing.ledger import Ledger
from pipeline.landing.received import Received
from pipeline.warehouse.query import first_row

LOADED = "select file_id, count(*) from landing.export_item group by file_id"
# The landing tables that hold rows of files.
OF_ROWS = ("export_item", "export_pupil", "rejected_row", "skipped_row", "correction")


def refuse_month_first(con: duckdb.DuckDBPyConnection, new: list[Received]) -> None:
    """A file whose dates are month/day/year is refused: half of them would be read as others."""
    found = con.execute(
        "select file_id, column_name, rows_month_first, first_line from month_first "
        "where rows_month_first >= 2 and rows_month_first * 10 >= rows_with_strokes "
        "order by file_id, first_line"
    ).fetchall()
    by_id = {row[0]: row for row in reversed(found)}
    for file in new:
        if file.refusal or file.file_id not in by_id:
            continue
        _, column, rows, line = by_id[file.file_id]
        file.refusal = (
            f"line {line}: the dates in the column '{column}' are month/day/year (so are {rows} "
            f"rows); day/month/year or YYYY-MM-DD was expected. Export the dates in one of these "
            f"forms and send the file again."
        )


def refuse_unloadable(con: duckdb.DuckDBPyConnection, new: list[Received]) -> None:
    """A file of which no row could be loaded is refused as a whole, with the commonest reason."""
    loaded = dict(con.execute(LOADED).fetchall())
    for file in new:
        if file.refusal or loaded.get(file.file_id):
            continue
        top = first_row(
            con,
            "select reason, count(*), min(line) from landing.rejected_row where file_id = ? "
            "group by reason order by 2 desc, 1 limit 1",
            [file.file_id],
        )
        top = top or first_row(
            con,
            "select 'it was left aside (' || reason || ').', count(*), min(line) "
            "from landing.skipped_row where file_id = ? and reason <> 'blank row' "
            "group by reason order by 2 desc, 1 limit 1",
            [file.file_id],
        )
        why = f"In {top[1]} of them, first on line {top[2]}: {top[0]}" if top else "All are blank."
        file.refusal = (
            f"none of its {file.rows_read} rows could be loaded. {why} "
            f"Correct the export and send it again."
        )


def drop_rows(con: duckdb.DuckDBPyConnection, files: list[Received]) -> None:
    """Of a refused file nothing is loaded; its refusal is the reason for every row."""
    ids = [f.file_id for f in files if f.refusal]
    for table in OF_ROWS:
        con.execute(
            f"delete from landing.{table} where file_id in (select unnest(?::integer[]))", [ids]
        )


def same_number_as_before(ledger: Ledger, new: list[Received]) -> None:
    """A file refused again for the same reason keeps its number, and the ledger its line."""
    before = ledger.last_refusals()
    for file in new:
        earlier = before.get((file.sha256, file.name))
        if earlier and (earlier.message, earlier.rows_read, earlier.results_read) == (
            *(file.refusal, file.rows_read, file.results_read),
        ):
            file.file_id = earlier.sequence
