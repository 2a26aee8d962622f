"""The physical look of a file, counted without a parser: against a slow and simple count."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.landing.scan import Scan

PIECES = st.lists(
    st.sampled_from(["a", "b,c", ",", '"', '""', "\n", "\r\n", "\r", "é", "x,y\n", '"q,\n"', " "]),
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
    assert (parts.lines, parts.plain) == (whole.lines, whole.plain)
    assert whole.lines == physical_lines(text)


@given(PIECES)
def test_a_plain_file_has_one_row_of_one_width_on_each_line(pieces: list[str]) -> None:
    text = "".join(pieces)
    scan = scanned(text.encode())
    if scan.plain and '"' not in text:
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len(rows) == scan.lines
        assert {len(row) for row in rows} == {scan.fields}


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
    ],
)
def test_which_files_are_plain(text: str, plain: bool) -> None:
    assert scanned(text.encode()).plain is plain
    assert scanned(text.encode(), 1).plain is plain
