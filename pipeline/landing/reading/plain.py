"""Rows of plain files, as record batches with the file and the physical line of each, and the line
of the row with which a run of rows of the same pupil began.

A plain file (see `landing/scan.py`) has one row of one width on each line, so the line of a row is
its place. Rows come as a stream: no file is held in memory.
"""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from pipeline.landing.body import Body
from pipeline.landing.reading.runs import Runs

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 4 * 1024 * 1024


class PlainRows:
    """The rows of some plain files of one width and delimiter, in their order.

    `read` counts the rows that came of each file. Where the parser stumbles, the rows of that file
    end there, and are fewer than were counted without it. `of_pupil` are the places of what is said
    of a pupil; where it is not known, each row stands for itself.
    """

    def __init__(
        self, bodies: dict[int, Body], width: int, tidy: bool, of_pupil: Collection[int] = ()
    ) -> None:
        self.bodies, self.width, self.tidy = bodies, width, tidy
        self.read = dict.fromkeys(bodies, 0)
        self._runs = Runs(of_pupil) if of_pupil else None
        self._batches = self._all()

    @property
    def schema(self) -> "pa.Schema":
        import pyarrow as pa

        texts = [(f"c{i}", pa.string()) for i in range(self.width)]
        places = [("file_id", pa.int32()), ("line", pa.int64()), ("pupil_line", pa.int64())]
        return pa.schema([*places, *texts])

    def take(self) -> "pa.RecordBatchReader":
        """The rows, as a stream."""
        return self._read(None)

    def tables(self, rows: int) -> "Iterator[pa.Table]":
        """The rows of a single file as tables of about so many rows; none is empty. A run of rows
        is in one of them, if it does not fill one. A table is let go of before the next is made."""
        import pyarrow as pa

        held = self.schema.empty_table()
        while len(read := self._read(rows).read_all()):
            ended = len(read) < rows
            table, held = pa.concat_tables([held, read]), self.schema.empty_table()
            del read
            last_run = 0 if ended else self._rows_of_last_run(table)
            if last_run < len(table):
                held = table.slice(len(table) - last_run)
                table = table.slice(0, len(table) - last_run)
            elif self._runs:
                self._runs.end()
            # In larger pieces, so that rows which stand together are landed together by one thread.
            yield table.combine_chunks()
            del table
        if len(held):
            yield held

    @staticmethod
    def _rows_of_last_run(table: "pa.Table") -> int:
        last, began = table["line"][-1].as_py(), table["pupil_line"][-1].as_py()
        return int(last - began + 1)

    def _read(self, rows: int | None) -> "pa.RecordBatchReader":
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
            if self._runs:
                self._runs.end()
            for batch in _parsed(body, self.width, self.tidy):
                rows = len(batch)
                lines = np.arange(line, line + rows, dtype=np.int64)
                began = self._runs.began(batch, line) if self._runs and rows else lines
                places: list[Any] = [
                    pa.array(np.full(rows, file_id, dtype=np.int32)),
                    pa.array(lines),
                    pa.array(began),
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
