"""Parquet to text: every type that an export may hold, and what is refused."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import ExportRefused
from pipeline.landing.reading import parquet
from pipeline.landing.reading.parquet import parquet_grid


def grid(tmp_path: Path, **columns: pa.Array) -> list[list[str]]:
    copy = tmp_path / "000001"
    pq.write_table(pa.table(columns), copy)
    found = parquet_grid(copy)
    assert found.part is None
    assert found.lines == list(range(1, len(found.rows) + 1))
    return found.rows


def test_every_plain_type_becomes_the_text_that_stands_for_it(tmp_path: Path) -> None:
    moment = dt.datetime(2025, 12, 1, 9, 30)
    columns = {
        "text": (pa.array(["Zoë", None]), "Zoë"),
        "large": (pa.array(["a", None], pa.large_string()), "a"),
        "words": (pa.array(["GDS", None]).dictionary_encode(), "GDS"),
        "whole": (pa.array([7, None], pa.int8()), "7"),
        "unsigned": (pa.array([2**64 - 1, None], pa.uint64()), str(2**64 - 1)),
        "double": (pa.array([103.0, None]), "103"),
        "single": (pa.array([0.1, None], pa.float32()), "0.1"),
        "decimal": (pa.array([Decimal("97.50"), None]), "97.50"),
        "truth": (pa.array([True, None]), "TRUE"),
        "day": (pa.array([dt.date(2016, 1, 31), None]), "2016-01-31"),
        "midnight": (pa.array([dt.datetime(2016, 1, 31), None]), "2016-01-31"),
        "moment": (pa.array([moment, None], pa.timestamp("ns")), "2025-12-01 09:30:00"),
        "time": (pa.array([dt.time(9, 30), None], pa.time64("ns")), "09:30:00"),
        "length": (pa.array([dt.timedelta(hours=30), None]), "30:00:00"),
        "nothing": (pa.nulls(2), ""),
    }
    rows = grid(tmp_path, **{name: array for name, (array, _) in columns.items()})
    assert rows[0] == list(columns)
    assert rows[1] == [expected for _, expected in columns.values()]
    assert rows[2] == [""] * len(columns)


def test_a_moment_with_a_time_zone_is_told_as_the_clock_there_shows_it(tmp_path: Path) -> None:
    utc = pa.array([dt.datetime(2016, 6, 30, 23, 0)], pa.timestamp("us", "UTC"))
    assert grid(tmp_path, day=utc.cast(pa.timestamp("us", "+01:00")))[1] == ["2016-07-01"]


def test_more_rows_than_a_batch_come_in_order(tmp_path: Path) -> None:
    count = parquet.BATCH * 2 + 5
    rows = grid(tmp_path, a=pa.array(range(count)), b=pa.array(["x", "y"] * (count // 2) + ["z"]))
    assert [row[0] for row in rows[1:]] == [str(n) for n in range(count)]
    assert rows[-1] == [str(count - 1), "z"]


def test_a_table_without_rows_keeps_its_headings(tmp_path: Path) -> None:
    assert grid(tmp_path, upn=pa.array([], pa.string())) == [["upn"]]


@pytest.mark.parametrize("values", [[[1]], [{"a": 1}], [b"raw"]])
def test_columns_within_columns_are_refused_by_their_place(
    tmp_path: Path, values: list[object]
) -> None:
    with pytest.raises(ExportRefused, match="column 2"):
        grid(tmp_path, upn=pa.array(["1"]), **{"Quillfeather": pa.array(values)})


def test_more_cells_than_memory_holds_are_refused_before_they_are_read(tmp_path: Path) -> None:
    many = pa.array([1]).dictionary_encode()
    many = pa.DictionaryArray.from_arrays(pa.array([0] * 4_000_000, pa.int8()), many.dictionary)
    with pytest.raises(ExportRefused, match="4,000,000 rows of 3 columns"):
        grid(tmp_path, a=many, b=many, c=many)


def test_long_texts_that_many_rows_share_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "MOST_LETTERS", 1_000)
    with pytest.raises(ExportRefused, match="letters"):
        grid(tmp_path, a=pa.array(["x" * 100] * 11))


def test_damaged_files_are_refused_wherever_they_are_cut(tmp_path: Path) -> None:
    copy = tmp_path / "whole"
    pq.write_table(pa.table({"a": list(range(1000)), "b": ["x"] * 1000}), copy)
    raw = copy.read_bytes()
    for size in (4, 5, 12, len(raw) // 2, len(raw) - 1):
        copy.write_bytes(raw[:size])
        with pytest.raises(ExportRefused, match="damaged"):
            parquet_grid(copy)
