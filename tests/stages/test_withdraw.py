"""What a school sent can be corrected, replaced and taken back out, and nothing is lost by it."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.errors import Defect, SettingsWrong, WrongUsage
from pipeline.landing.ledger import Ledger
from pipeline.landing.removed import withdraw
from pipeline.rebuild import rebuild
from pipeline.run import run
from pipeline.status import status_lines, status_of
from pipeline.warehouse.connection import open_warehouse
from tests.every_kind import SETTINGS, exports

Make = Callable[..., Any]
Ask = Callable[..., list[tuple[Any, ...]]]
Everything = Callable[..., dict[str, list[tuple[Any, ...]]]]
CURRENT = "select outcome, file_id from core.result order by all"


def test_a_withdrawn_correction_gives_way_to_what_it_replaced(
    programme_of: Make, send: Make, ask: Ask, results: Make
) -> None:
    programme = programme_of({"a.csv": results({"outcome": "WTS"})})
    send(programme, {})
    send(programme, {"b.csv": results({"outcome": "GDS"})})
    assert ask(programme, CURRENT) == [("GDS", 2)]
    assert withdraw(programme, "2") == 2
    done = send(programme, {})
    assert (done.withdrawn, done.loaded) == (1, 0)
    assert ask(programme, CURRENT) == [("WTS", 1)]
    history = "select outcome, file_id, replaced_by_file_id from core.result_history"
    assert ask(programme, history) == [("GDS", 2, 3)]
    files = "select file_id, status, results_loaded, results_superseded from landing.export_file"
    assert ask(programme, files + " order by 1") == [(1, "loaded", 1, 0), (2, "withdrawn", 0, 1)]


def test_a_withdrawn_file_leaves_nobody_who_came_with_it_and_may_come_back(
    programme_of: Make, send: Make, ask: Ask, roll: Make, everything: Everything
) -> None:
    other = {"admission_number": "2", "forename": "Ben"}
    programme = programme_of({"a.csv": roll({}), "b.csv": roll(other)})
    send(programme, {})
    before = everything(programme)
    withdraw(programme, "b.csv")
    send(programme, {})
    assert ask(programme, "select forename from core.pupil") == [("Ada",)]
    programme.removed_file.write_text("", encoding="utf-8")
    send(programme, {})
    after = everything(programme)
    assert {k: v for k, v in after.items() if k != "landing.export_file"} == {
        k: v for k, v in before.items() if k != "landing.export_file"
    }


def test_a_second_withdrawal_has_a_number_of_its_own(
    programme_of: Make, send: Make, ask: Ask, results: Make
) -> None:
    programme = programme_of({"a.csv": results({"outcome": "WTS"})})
    by = "select withdrawn_by from landing.export_file"
    numbers = []
    send(programme, {})
    for _ in range(2):
        withdraw(programme, "1")
        send(programme, {})
        numbers += ask(programme, by)
        history = ask(programme, "select replaced_by_file_id from core.result_history")
        assert history == numbers[-1:]
        programme.removed_file.write_text("", encoding="utf-8")
        send(programme, {})
        assert ask(programme, by) == [(None,)]
    assert numbers == [(2,), (4,)]
    actions = [e.action for e in Ledger(programme.ledger).entries]
    assert actions == ["accept", "withdraw", "reinstate", "withdraw", "reinstate"]


def test_one_sheet_one_file_of_a_zip_and_one_school_of_two_can_be_withdrawn(
    programme_of: Make, send: Make, ask: Ask
) -> None:
    programme = programme_of(exports(), SETTINGS)
    send(programme, {})
    book, same = "2025-26-autumn/990003/4 marks.xlsx", "2025-26-spring/990002/9 same bytes.csv"
    zipped = "2025-26-spring/8 zipped.zip/one.csv"
    standing = "select file_name from landing.export_file where status = 'loaded' order by 1"
    expected = [name for (name,) in ask(programme, standing)]
    with pytest.raises(WrongUsage, match=r"2 loaded files .* of \d+, \d+\."):
        withdraw(programme, book)
    number = ask(programme, f"select file_id from landing.export_file where file_name = '{same}'")
    for file, name in (
        (f"{book} [Larks]", f"{book} [Larks]"),
        (zipped, zipped),
        (str(number[0][0]), same),
    ):
        withdraw(programme, file)
        send(programme, {})
        expected.remove(name)
        assert [found for (found,) in ask(programme, standing)] == expected
    count = "select count(*) from core.result where school_id = {} and term = 'spring'"
    assert ask(programme, count.format(990001)) == [(9,)]
    assert ask(programme, count.format(990002)) == [(0,)]


def test_a_refused_file_is_told_as_waiting_only_until_it_is_replaced_or_gone(
    programme_of: Make, send: Make, results: Make
) -> None:
    programme = programme_of({"a.csv": "", "b.csv": "", "c.csv": "", "d.csv": results({})})

    def waiting() -> list[str]:
        found = status_of(programme, True)
        named = [f["file_name"] for f in found["files"] if f["to_mend"]]
        assert found["totals"]["files_refused"] == len(named)
        assert [f["file_id"] for f in found["files"]][:4] == [1, 2, 3, 4]
        return named

    send(programme, {})
    assert waiting() == ["a.csv", "b.csv", "c.csv"]
    (programme.exports / "c.csv").unlink()
    send(programme, {"a.csv": results({"outcome": "GDS"})})
    assert waiting() == ["b.csv"]
    lines = status_lines(status_of(programme, True))
    assert len([line for line in lines if "refused (replaced, or gone)" in line]) == 2


@pytest.mark.parametrize(
    "harm",
    [
        "delete from landing.export_item where file_id = 1 and line = 2",
        "update landing.export_file set rows_read = rows_read + 1 where file_id = 1",
        "update landing.export_file set results_read = results_read - 1 where file_id = 1",
        "insert into landing.skipped_row by name "
        "select 1 as file_id, 99 as line, 1 as results, 'blank row' as reason",
    ],
    ids=["a row lost", "a line not counted", "a result too many", "a result skipped twice"],
)
def test_the_program_stops_where_the_sums_of_a_file_are_off(
    programme_of: Make, send: Make, everything: Everything, results: Make, harm: str
) -> None:
    programme = programme_of({"a.csv": results({}, {"admission_number": "2"})})
    send(programme, {})
    with open_warehouse(programme) as con:
        con.execute(harm)
    before, ledger = everything(programme), programme.ledger.read_bytes()
    with pytest.raises(Defect, match="file 1: its rows do not add up"):
        send(programme, {"b.csv": results({"term": "spring"})})
    assert everything(programme) == before
    assert programme.ledger.read_bytes() == ledger
    rebuild(programme)
    assert send(programme, {}).loaded == 1


def test_a_lost_warehouse_is_made_anew_with_its_withdrawals(
    programme_of: Make, send: Make, results: Make, everything: Everything
) -> None:
    programme = programme_of({"a.csv": results({}), "b.csv": results({"outcome": "GDS"})})
    send(programme, {})
    withdraw(programme, "2")
    send(programme, {})
    before = everything(programme)
    programme.warehouse.unlink()
    send(programme, {})
    assert everything(programme) == before


def test_only_a_loaded_file_can_be_withdrawn(programme_of: Make, send: Make, results: Make) -> None:
    programme = programme_of({"a.csv": results({})})
    send(programme, {})
    for file in ("2", "b.csv", ""):
        with pytest.raises(WrongUsage, match="status FOLDER --files"):
            withdraw(programme, file)
    withdraw(programme, "1")
    with pytest.raises(WrongUsage):
        withdraw(programme, "1")
    programme.removed_file.write_text("withdrawn = 3", encoding="utf-8")
    with pytest.raises(SettingsWrong, match=r"removed\.toml"):
        send(programme, {})


@pytest.mark.parametrize(
    "name", ["results (1).csv", "results-corrected.csv", "results_corrected.csv", "results v2.csv"]
)
def test_a_correction_that_comes_with_the_original_wins_by_its_longer_name(
    programme_of: Make, send: Make, ask: Ask, results: Make, name: str
) -> None:
    programme = programme_of({"results.csv": results({"outcome": "WTS"})})
    send(programme, {name: results({"outcome": "GDS"})})
    assert ask(programme, "select outcome from core.result") == [("GDS",)]


def test_dates_written_month_first_refuse_the_file(
    programme_of: Make, send: Make, ask: Ask, results: Make
) -> None:
    dates = ("03/25/2017", "04/05/2017", "12/31/2016")
    rows = [{"admission_number": str(n), "date_of_birth": d} for n, d in enumerate(dates, start=1)]
    programme = programme_of({"us.csv": results(*rows), "uk.csv": results({})})
    done = send(programme, {})
    (refused,) = done.refused
    assert Ledger(programme.ledger).entries[refused - 1].path == "us.csv"
    assert (
        "line 2: the dates in the column 'date_of_birth' are month/day/year"
        in (done.refused[refused])
    )
    assert ask(programme, "select count(*) from landing.export_row") == [(1,)]


def test_one_slip_in_a_date_refuses_no_file(programme_of: Make, send: Make, results: Make) -> None:
    rows = [{"admission_number": str(n), "date_of_birth": "25/03/2017"} for n in range(1, 12)]
    rows.append({"admission_number": "12", "date_of_birth": "03/25/2017"})
    assert send(programme_of({"a.csv": results(*rows)}), {}).refused == {}


def test_a_temporary_upn_that_a_later_file_names_as_former_is_the_same_pupil(
    programme_of: Make, send: Make, ask: Ask, results: Make, upn: Callable[[int], str]
) -> None:
    temporary, permanent = upn(1), upn(2)
    programme = programme_of({"a.csv": results({"upn": temporary, "admission_number": "7"})})
    send(programme, {})
    first = ask(programme, "select pupil_id from core.pupil")
    changed = {"upn": permanent, "former_upn": temporary, "admission_number": "7"}
    send(programme, {"b.csv": results({"term": "spring", **changed})})
    assert ask(programme, "select pupil_id from core.pupil") == first
    assert ask(programme, "select count(*) from core.result") == [(2,)]
    assert ask(programme, "select count(*) from core.pupil_merge") == [(0,)]


def test_two_pupils_joined_by_a_later_former_upn_are_recorded_as_one(
    programme_of: Make, send: Make, ask: Ask, results: Make, upn: Callable[[int], str]
) -> None:
    one, other = {"upn": upn(1)}, {"upn": upn(2), "admission_number": "9"}
    programme = programme_of({"a.csv": results(one), "b.csv": results({**other, "term": "spring"})})
    send(programme, {})
    ids = [row[0] for row in ask(programme, "select pupil_id from core.pupil order by 1")]
    assert len(ids) == 2
    send(programme, {"c.csv": results({**other, "former_upn": upn(1), "term": "summer"})})
    merge = "select old_pupil_id, kept_pupil_id from core.pupil_merge"
    assert ask(programme, merge) == [(ids[1], ids[0])]
    assert ask(programme, "select pupil_id from core.pupil") == [(ids[0],)]


def test_a_ledger_restored_from_an_older_backup_takes_the_warehouse_with_it(
    programme_of: Make, send: Make, ask: Ask, results: Make
) -> None:
    programme = programme_of({"a.csv": results({})})
    send(programme, {})
    old = programme.ledger.read_bytes()
    send(programme, {"b.csv": results({"admission_number": "2"})})
    programme.ledger.write_bytes(old)
    send(programme, {"b.csv": results({"admission_number": "3"})})
    assert ask(programme, "select count(*) from core.pupil") == [(2,)]
    assert ask(programme, "select admission_number from core.enrolment order by 1") == [
        ("1",),
        ("3",),
    ]


def test_pages_are_not_made_from_flags_of_other_settings(
    programme_of: Make, send: Make, results: Make
) -> None:
    programme = programme_of({"a.csv": results({})})
    run(programme, ("ingest", "check", "flag"))
    text = "expected_standard_score = 95"
    programme.settings_file.write_text(text, encoding="utf-8")
    changed = type(programme)(programme.folder)
    with pytest.raises(SettingsWrong, match="mix two states"):
        run(changed, ("report",))
    outcome = "select outcome from audit.run order by started_at desc limit 1"
    with open_warehouse(changed, read_only=True) as con:
        assert con.execute(outcome).fetchall() == [("not done (SettingsWrong)",)]
