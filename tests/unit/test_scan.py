"""The physical look of a file, counted without a parser: against a slow and simple count."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.landing.body import Body
from pipeline.landing.reading.plain import PlainRows
from pipeline.landing.scan import Scan

PIECES = st.lists(
    st.sampled_from(
        [
            *("a", "b,c", ",", '"', '""', "\n", "\r\n", "\r", "é", "x,y\n", '"q,\n"', " ", "\t"),
            *("\u00a0", "x, y\n", '"a ""b""",c\n', "\u2019", '" q",1\n', "y ,z\r\n"),
        ]
    ),
    max_size=40,
)


def scanned(raw: bytes, chunk: int = 1 << 20) -> Scan:
    scan = Scan()
    for at in range(0, len(raw), chunk):
        scan.feed(raw[at : at + chunk])
    scan.finish()
    return scan


def physical_lines(text: str) -> int:
    """Lines as an editor counts them, whichever line ends."""
    return len(io.StringIO(text, newline=None).readlines())


@given(PIECES, st.integers(min_value=1, max_value=7))
@example(["a\r", "\n", "b"], 2)
@example(["\r", "\r\n"], 1)
@example(["x,y\n", "\n", "x,y\n"], 3)
def test_a_file_looks_the_same_in_whatever_chunks_it_is_read(pieces: list[str], chunk: int) -> None:
    text = "".join(pieces)
    whole, parts = scanned(text.encode()), scanned(text.encode(), chunk)
    assert (parts.lines, parts.plain, parts.tidy) == (whole.lines, whole.plain, whole.tidy)
    assert whole.lines == physical_lines(text)


@given(PIECES)
def test_a_plain_file_has_one_row_of_one_width_on_each_line(pieces: list[str]) -> None:
    text = "".join(pieces)
    scan = scanned(text.encode())
    if scan.plain:
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len(rows) == scan.lines
        assert {len(row) for row in rows} == {scan.fields}


@given(PIECES)
@example(['"a ""b""",c\n', "x,y\n"])
@example(['"a,b"', ",", "\r\n", '""', ",", "b"])
def test_the_fast_parser_reads_of_a_plain_file_what_the_exact_one_reads(pieces: list[str]) -> None:
    text = "".join(pieces)
    scan = scanned(text.encode())
    if not scan.plain:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plain.csv"
        path.write_bytes(text.encode())
        body = Body(path, ",", [], [], scan.fields or 0, first_line=5, scan=scan)
        found = PlainRows({7: body}, scan.fields or 0, tidy=False)
        read = found.take().read_all().to_pylist()
    exact = list(csv.reader(io.StringIO(text, newline="")))
    assert [list(row.values()) for row in read] == [
        [7, line, line, *row] for line, row in enumerate(exact, start=5)
    ]
    assert found.read == {7: scan.lines}


@given(PIECES)
@example(["x,y\n", " a", ",", "b"])
@example(["x,y\n", "a", ",", "b "])
def test_nothing_need_be_trimmed_in_a_tidy_file(pieces: list[str]) -> None:
    text = "".join(pieces)
    if scanned(text.encode()).tidy:
        fields = [field for row in csv.reader(io.StringIO(text, newline="")) for field in row]
        assert fields == [field.strip() for field in fields]
        assert not any("\t" in field or "\u00a0" in field for field in fields)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a,b\n1,2\n", True),
        ("a,b\r\n1,2", True),
        ('a,b\n"1,5",2\n', True),
        ('a,b\n"say ""no""",2\n', True),
        ("", False),
        ("a\n1\n", False),
        ("a,b\n1\n", False),
        ("a,b\n\n1,2\n", False),
        ("a,b\n1,2,3\n", False),
        ("a,b\r1,2\r", False),
        ('a,b\n"1\n2",3\n', False),
        ('a,b\n"1,2\n', False),
        ("a,b\n1,2\n\x1a", False),
        ('a,b\n1"x",2\n', False),
        ('a,b\n"1"x,2\n', False),
        ('a,b\n"1" ,2\n', False),
    ],
)
def test_which_files_are_plain(text: str, plain: bool) -> None:
    assert scanned(text.encode()).plain is plain
    assert scanned(text.encode(), 1).plain is plain


@pytest.mark.parametrize("chunk", [5_000, 16_383, 16_384, 20_000, 1 << 20])
@pytest.mark.parametrize("before", [0, 9, 16_380])
@pytest.mark.parametrize(("letters", "plain"), [(32_765, True), (32_766, False)])
def test_a_line_that_may_hold_too_long_a_field_is_not_plain_wherever_it_stands(
    letters: int, plain: bool, before: int, chunk: int
) -> None:
    raw = b"x," + b"y" * before + b"\na," + b"b" * letters + b"\n1,2\n"
    scan = scanned(raw, chunk)
    assert (scan.lines, scan.plain) == (3, plain)
