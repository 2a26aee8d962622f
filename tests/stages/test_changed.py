"""Only what has changed is flagged again, and it is what flagging everything would have made."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.progress import flag as stage
from pipeline.progress.flag import flag
from pipeline.reference import load_reference
from tests.stages.progress_house import House, Row, each_its_place, insert, open_house, rows_of
from tests.stages.test_oracle import FIRST, SETTINGS, STEPS, compare, invented_partnership

LAST = FIRST + 6


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        house.tell(SETTINGS, {"made-up-steps": STEPS})
        load_reference(house.con, house.programme)
        yield house


@pytest.fixture(scope="module")
def partnership() -> tuple[list[Row], list[Row]]:
    enrolments, results = invented_partnership(5, 160)
    return enrolments, each_its_place(results)


def add(house: House, rows: tuple[list[Row], list[Row]], first: int, last: int) -> None:
    for table, those in zip(("core.enrolment", "core.result"), rows, strict=True):
        insert(house.con, table, [r for r in those if first <= r["term_no"] <= last])


def mark(house: House) -> None:
    """Leave a mark on every status, which one made anew has not."""
    house.con.execute("update progress.decision set school_id = -school_id")


def marked_terms(house: House) -> set[int]:
    rows = rows_of(house.con, "select distinct term_no from progress.status where school_id < 0")
    return {r["term_no"] for r in rows}


def test_terms_flagged_as_they_come_are_those_of_the_oracle(
    house: House, partnership: tuple[list[Row], list[Row]]
) -> None:
    for term_no in range(FIRST, LAST + 1):
        add(house, partnership, term_no, term_no)
        flag(house.con, house.programme)
    compare(house.con, house.programme, house.folder / "scales")


def test_many_pupils_are_flagged_part_by_part(
    house: House, partnership: tuple[list[Row], list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "MOST_TOGETHER", 300)
    add(house, partnership, FIRST, LAST)
    flag(house.con, house.programme)
    compare(house.con, house.programme, house.folder / "scales")


def test_a_term_that_comes_leaves_the_earlier_ones_as_they_are(
    house: House, partnership: tuple[list[Row], list[Row]]
) -> None:
    add(house, partnership, FIRST, LAST - 1)
    flag(house.con, house.programme)
    mark(house)
    add(house, partnership, LAST, LAST)
    flag(house.con, house.programme)
    assert marked_terms(house) == set(range(FIRST, LAST))


def test_a_corrected_result_changes_its_term_and_those_after_it(
    house: House, partnership: tuple[list[Row], list[Row]]
) -> None:
    add(house, partnership, FIRST, LAST)
    flag(house.con, house.programme)
    mark(house)
    house.con.execute(
        "update core.result set outcome = 'PK1', outcome_as_sent = 'PK1' "
        f"where scale = 'ta' and term_no = {FIRST + 3} and outcome = 'EXS'"
    )
    flag(house.con, house.programme)
    assert marked_terms(house) == set(range(FIRST, FIRST + 3))
    house.con.execute("update progress.decision set school_id = abs(school_id)")
    compare(house.con, house.programme, house.folder / "scales")


def test_a_pupil_who_changes_class_is_flagged_in_the_new_one(
    house: House, partnership: tuple[list[Row], list[Row]]
) -> None:
    add(house, partnership, FIRST, LAST)
    flag(house.con, house.programme)
    house.con.execute(f"update core.enrolment set class_name = '9Z' where term_no = {LAST}")
    flag(house.con, house.programme)
    classes = rows_of(
        house.con, f"select distinct class_name from progress.status where term_no = {LAST}"
    )
    assert [r["class_name"] for r in classes] == ["9Z"]


def test_a_term_that_is_taken_out_takes_its_statuses_with_it(
    house: House, partnership: tuple[list[Row], list[Row]]
) -> None:
    add(house, partnership, FIRST, LAST)
    flag(house.con, house.programme)
    for table in ("core.result", "core.enrolment"):
        house.con.execute(f"delete from {table} where term_no >= {LAST - 1}")
    flag(house.con, house.programme)
    for table in ("attainment", "status", "flag", "venn", "venn_subject"):
        found = rows_of(house.con, f"select max(term_no) as last from progress.{table}")
        assert found[0]["last"] == LAST - 2, table
    compare(house.con, house.programme, house.folder / "scales")


def test_other_settings_change_every_term(
    house: House, partnership: tuple[list[Row], list[Row]]
) -> None:
    add(house, partnership, FIRST, LAST)
    flag(house.con, house.programme)
    mark(house)
    house.tell("few_outcomes = 9\n" + SETTINGS, {"made-up-steps": STEPS})
    load_reference(house.con, house.programme)
    flag(house.con, house.programme)
    assert marked_terms(house) == set()
    compare(house.con, house.programme, house.folder / "scales")


def test_where_nothing_has_changed_nothing_is_made_anew(
    house: House, partnership: tuple[list[Row], list[Row]]
) -> None:
    add(house, partnership, FIRST, LAST)
    assert flag(house.con, house.programme) > 0
    mark(house)
    assert flag(house.con, house.programme) == 0
    assert marked_terms(house) == set(range(FIRST, LAST + 1))
