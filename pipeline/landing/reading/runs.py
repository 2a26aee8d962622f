"""Rows one after the other that say the same of their pupil."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


class Runs:
    """Finds, in batches of texts in their order, the row at which each run of rows began.

    A run is rows that have the same text, or none, in each of the columns `places`.
    """

    def __init__(self, places: Collection[int]) -> None:
        self.places = tuple(places)
        self._last: list[Any] | None = None
        self._began = 0

    def end(self) -> None:
        """The next row begins a run, whatever it says."""
        self._last = None

    def began(self, batch: "pa.RecordBatch", line: int) -> "np.ndarray[Any, Any]":
        """The line on which the run of each row began; `line` is that of the first row."""
        import numpy as np

        rows = len(batch)
        columns = [batch.column(place) for place in self.places]
        begins = np.zeros(rows, dtype=bool)
        for column in columns:
            begins[1:] |= _differs(column)
        begins[0] = self._last is None or self._last != [column[0].as_py() for column in columns]
        lines = np.where(begins, np.arange(line, line + rows, dtype=np.int64), 0)
        if not begins[0]:
            lines[0] = self._began
        lines = np.maximum.accumulate(lines)
        self._last = [column[-1].as_py() for column in columns]
        self._began = int(lines[-1])
        return lines


def _differs(column: "pa.Array") -> "np.ndarray[Any, Any]":
    """Whether each text after the first is another than that before it."""
    import pyarrow.compute as pc

    after, before = column.slice(1), column.slice(0, len(column) - 1)
    differs = pc.not_equal(after, before)
    if column.null_count:
        one_alone = pc.xor(pc.is_null(after), pc.is_null(before))
        differs = pc.or_(pc.fill_null(differs, False), one_alone)
    return differs.to_numpy(zero_copy_only=False)
