"""Parquet: every column to text. It has no lines: its headings count as line 1, rows from 2."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import ExportRefused
from pipeline.landing.reading.grid import Grid
from pipeline.landing.reading.values import text_of

MOST_COLUMNS = 2_000
MOST_CELLS = 10_000_000
MOST_LETTERS = 500_000_000
LARGEST = 1024 * 1024 * 1024
BATCH = 4_096
DAMAGED = "the Parquet file is damaged or was not written to its end. Export it again."


def parquet_grid(copy: Path) -> Grid:
    """The whole table. Raises ExportRefused where it is damaged, nested or too large."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(copy)
        texts = [f.name for f in schema if pa.types.is_string(f.type)]
        # Texts that repeat stay one text, however many rows show it.
        with pq.ParquetFile(copy, read_dictionary=texts) as file:
            _refuse_too_large(file.metadata)
            rows = [list(file.schema_arrow.names)]
            rows += _rows(file)
    except (pa.ArrowException, OSError, ValueError, OverflowError):
        raise ExportRefused(DAMAGED) from None
    return Grid(rows, list(range(1, len(rows) + 1)))


def _refuse_too_large(about: Any) -> None:
    columns, cells = about.num_columns, about.num_rows * about.num_columns
    size = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
    if columns > MOST_COLUMNS or cells > MOST_CELLS or size > LARGEST:
        raise ExportRefused(
            f"the Parquet file says that it has {about.num_rows:,} rows of {columns:,} columns; a "
            f"table of at most {MOST_CELLS:,} cells in {MOST_COLUMNS:,} columns was expected. "
            f"Export it as CSV, or as several files, and send that."
        )


def _rows(file: Any) -> Iterator[list[str]]:
    letters = cells = 0
    for batch in file.iter_batches(batch_size=BATCH):
        columns = [_texts(array, place) for place, array in enumerate(batch.columns, start=1)]
        cells += batch.num_rows * len(columns)
        letters += sum(len(text) for column in columns for text in column)
        if letters > MOST_LETTERS or cells > MOST_CELLS:
            raise ExportRefused(
                f"the Parquet file holds more than {MOST_CELLS:,} cells or {MOST_LETTERS:,} "
                f"letters. Export it as CSV, or as several files, and send that."
            )
        yield from map(list, zip(*columns, strict=True))


def _texts(array: Any, place: int) -> list[str]:
    """A column's values as text, a missing one as "". `place` counts columns from 1."""
    import pyarrow as pa

    kind = array.type
    if isinstance(array, pa.ExtensionArray):
        return _texts(array.storage, place)
    if pa.types.is_dictionary(kind):
        words = _texts(array.dictionary, place)
        return ["" if i is None else words[i] for i in array.indices.to_pylist()]
    if pa.types.is_nested(kind) or _is_binary(kind):
        raise ExportRefused(
            f"column {place}: it holds lists, records or raw bytes; one value a cell was expected. "
            f"Export it with plain columns."
        )
    try:
        return [text_of(value) for value in _plain(array, kind).to_pylist()]
    except (TypeError, pa.ArrowException, ValueError):
        raise ExportRefused(
            f"column {place}: it holds values that have no plain text. Export it as CSV."
        ) from None


def _is_binary(kind: Any) -> bool:
    import pyarrow as pa

    t = pa.types
    return bool(t.is_binary(kind) or t.is_large_binary(kind) or t.is_fixed_size_binary(kind))


def _plain(array: Any, kind: Any) -> Any:
    """Types that Python has no exact value for become ones that it has."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_float32(kind) or pa.types.is_float16(kind):
        # By way of their shortest text: 0.1 in 32 bits is 0.1 and not 0.10000000149.
        return pc.cast(pc.cast(array, pa.string()), pa.float64())
    if pa.types.is_timestamp(kind):
        local = pc.local_timestamp(array) if kind.tz else array
        return pc.cast(local, pa.timestamp("us"), safe=False)
    if pa.types.is_time(kind):
        return pc.cast(array, pa.time64("us"), safe=False)
    if pa.types.is_duration(kind):
        return pc.cast(array, pa.duration("us"), safe=False)
    return array
