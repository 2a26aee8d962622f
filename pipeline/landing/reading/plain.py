"""Rows of plain files, as record batches with the file and the physical line of each.

A plain file (see `landing/scan.py`) has one row of one width on each line, so the line of a row is
its place. Rows come as a stream: no file is held in memory.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipeline.landing.body import Body

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 4 * 1024 * 1024


class PlainRows:
    """The rows of some plain files of one width and delimiter, in their order.

    `read` counts the rows that came of each file. Where the parser stumbles, the rows of that file
    end there, and are fewer than were counted without it.
    """

    def __init__(self, bodies: dict[int, Body], width: int, tidy: bool) -> None:
        self.bodies, self.width, self.tidy = bodies, width, tidy
        self.read = dict.fromkeys(bodies, 0)
        self._batches = self._all()

    @property
    def schema(self) -> "pa.Schema":
        import pyarrow as pa

        texts = [(f"c{i}", pa.string()) for i in range(self.width)]
        return pa.schema([("file_id", pa.int32()), ("line", pa.int64()), *texts])

    def take(self, rows: int | None = None) -> "pa.RecordBatchReader":
        """The next rows: batches until there are so many, or all that are left."""
        import pyarrow as pa

        return pa.RecordBatchReader.from_batches(self.schema, self._next(rows))

    def _next(self, rows: int | None) -> "Iterator[pa.RecordBatch]":
        taken = 0
        while rows is None or taken < rows:
            batch = next(self._batches, None)
            if batch is None:
                return
            taken += len(batch)
            yield batch

    def _all(self) -> "Iterator[pa.RecordBatch]":
        import numpy as np
        import pyarrow as pa

        for file_id, body in self.bodies.items():
            line = body.first_line
            for batch in _parsed(body, self.width, self.tidy):
                rows = len(batch)
                places: list[Any] = [
                    pa.array(np.full(rows, file_id, dtype=np.int32)),
                    pa.array(np.arange(line, line + rows, dtype=np.int64)),
                ]
                line += rows
                self.read[file_id] += rows
                yield pa.RecordBatch.from_arrays([*places, *batch.columns], schema=self.schema)


def _parsed(body: Body, width: int, tidy: bool) -> "Iterator[pa.RecordBatch]":
    """Of a tidy file an empty field is null, as nothing else needs trimming."""
    import pyarrow as pa
    from pyarrow import csv

    names = [f"c{i}" for i in range(width)]
    with pa.OSFile(str(body.path)) as source:
        source.seek(body.offset)
        try:
            yield from csv.open_csv(
                source,
                csv.ReadOptions(column_names=names, block_size=BLOCK, use_threads=False),
                csv.ParseOptions(delimiter=body.delimiter, newlines_in_values=False),
                csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    # it was, when the encoding was found out
                    check_utf8=False,
                    null_values=[""],
                    strings_can_be_null=tidy,
                ),
            )
        except pa.ArrowInvalid:  # its text quotes the row
            return
