"""A plain file read in parts: every row once, and those of a pupil together."""

from pathlib import Path

import pytest

from pipeline.landing.body import Body
from pipeline.landing.reading import plain
from pipeline.landing.reading.plain import PlainRows
from pipeline.landing.scan import Scan

ROWS_IN_A_PART = 3


def parts(path: Path, pupils: str, of_pupil: tuple[int, ...] = (0,)) -> list[list[tuple[str, int]]]:
    """Of each part its rows: the pupil, and the line with which the rows of that pupil began."""
    text = "".join(f"{pupil},{number}\n" for number, pupil in enumerate(pupils, start=10))
    path.write_text(text, encoding="utf-8", newline="")
    scan = Scan(fields=2)
    if text:
        scan.feed(text.encode())
    scan.finish()
    body = Body(path, ",", [], [], 2, first_line=2, scan=scan)
    found = PlainRows({7: body}, 2, tidy=True, of_pupil=of_pupil)
    tables = [table.to_pylist() for table in found.tables(ROWS_IN_A_PART)]
    assert [row["c1"] for table in tables for row in table] == [
        str(number) for number in range(10, 10 + len(pupils))
    ]
    assert [row["line"] for table in tables for row in table] == list(range(2, 2 + len(pupils)))
    assert found.read == {7: len(pupils)}
    return [[(row["c0"], row["pupil_line"]) for row in table] for table in tables]


@pytest.fixture(autouse=True)
def one_row_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "BLOCK", len("p,10\n"))


def test_the_rows_of_a_pupil_stay_in_one_part(tmp_path: Path) -> None:
    assert parts(tmp_path / "a.csv", "abbccd") == [
        [("a", 2)],
        [("b", 3), ("b", 3), ("c", 5), ("c", 5)],
        [("d", 7)],
    ]


def test_rows_of_one_pupil_that_fill_a_part_go_on_in_the_next(tmp_path: Path) -> None:
    assert parts(tmp_path / "a.csv", "bbbbbbc") == [
        [("b", 2)] * 3,
        [("b", 5)] * 3,
        [("c", 8)],
    ]


def test_where_each_row_stands_for_itself_all_come(tmp_path: Path) -> None:
    assert [len(part) for part in parts(tmp_path / "a.csv", "aaaaaaa", of_pupil=())] == [2, 3, 2]


@pytest.mark.parametrize(("pupils", "found"), [("", []), ("a", [[("a", 2)]])])
def test_nothing_and_one(tmp_path: Path, pupils: str, found: list[list[tuple[str, int]]]) -> None:
    assert parts(tmp_path / "a.csv", pupils) == found
