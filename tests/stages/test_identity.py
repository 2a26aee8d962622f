"""Who is who, and who is on roll: one invented partnership in which every case happens once.

Each case has a school of its own (or two), and pupils of its own.
"""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.calendar import Term
from pipeline.landing.teams import team_notes
from pipeline.programme import Programme
from pipeline.warehouse.connection import open_warehouse

Ask = Callable[[str], list[tuple[Any, ...]]]
AUTUMN, SPRING, SUMMER = "autumn", "spring", "summer"

NO_UPN_YET, TWO_UPNS, MOVING_FROM, MOVING_TO = 990001, 990002, 990004, 990005
JOINED_LATER, ROLL_WINS, MAIN, SECOND, LEAVERS = 990006, 990007, 990008, 990009, 990010
TEAMS, ONE_FORM, TWO_FORMS, CLASHING, BLANKS = 990011, 990012, 990013, 990014, 990015
TEAMS_FILE = """School,Class Name,Team,Teacher,from_date,to_date
990011,y3/4,Owls,Mx Invented,,
990011,5X,Hawks,,2026-01-05,
990011,5X,Kites,,,2025-12-31
"""


@pytest.fixture(scope="module")
def partnership(
    tmp_path_factory: pytest.TempPathFactory,
    programme_in: Callable[..., Programme],
    results: Callable[..., str],
    roll: Callable[..., str],
    send: Callable[..., Any],
    upn: Callable[[int], str],
) -> Programme:
    def at(school: int, number: int | str = "", who: int | None = None, **more: str) -> Any:
        told = {"school": str(school), "admission_number": str(number), **more}
        return told | ({"upn": upn(who)} if who else {})

    dual = {"year_group": "4"}
    files = {
        "1.csv": results(
            at(NO_UPN_YET, 1),
            at(TWO_UPNS, 1, 21),
            at(MOVING_FROM, 1, 41),
            at(JOINED_LATER, 1),
            at(JOINED_LATER, 2, forename="Bo"),
            at(CLASHING, 1, 141, date_of_birth="2017-01-01"),
            at(CLASHING, 2, 141, date_of_birth="2018-02-02"),
            at(CLASHING, 3, 143),
        ),
        "2.csv": results(
            at(NO_UPN_YET, 1, 11, term=SPRING),
            at(TWO_UPNS, 1, term=SPRING),
            at(MOVING_TO, 9, 41, term=SPRING),
            at(JOINED_LATER, "", 61, term=SPRING),
        ),
        "3.csv": results(
            at(TWO_UPNS, 1, 22, term=SPRING),
            at(JOINED_LATER, 1, 61, term=SPRING, subject="reading"),
        ),
        "4.csv": results(
            at(TWO_UPNS, 1, term=SPRING, subject="reading"),
            at(TWO_UPNS, 5),
            at(TWO_UPNS, 1, term=SUMMER),
        ),
        "5.csv": roll(
            at(ROLL_WINS, 1, 71, year_group="3", class_name="Ash"),
            at(MAIN, 1, 81, enrol_status="M", **dual),
            at(SECOND, 1, 81, enrol_status="S", **dual),
            at(SECOND, 2, 82, enrol_status="G", **dual),
            at(SECOND, 3, 83, enrol_status="C", **dual),
            at(LEAVERS, 1, 101, leaving_date="2025-10-10"),
            at(LEAVERS, 2, 102, leaving_date="2025-12-19"),
            at(LEAVERS, 3, 103, entry_date="2026-01-05"),
            at(LEAVERS, 4, 104, leaving_date="9999-12-31"),
            at(TEAMS, 1, 111, class_name="Y3/4", year_group="3"),
            at(TEAMS, 2, 112, class_name="Y3/4", year_group="4"),
            at(TEAMS, 3, 113, class_name="5X", year_group="5"),
            at(TEAMS, 4, 114, class_name="5X", year_group="5", term=SPRING),
            at(TEAMS, 5, 115, year_group="3"),
            at(TEAMS, 6, 116, class_name="6Y", year_group="6"),
            at(TEAMS, 7, 117, class_name="6Z", year_group="6"),
            at(ONE_FORM, 1, 121, class_name="1", year_group="1"),
            at(ONE_FORM, 2, 122, class_name="6", year_group="6"),
            *(
                at(TWO_FORMS, f"{y}{c}", 130 + n, class_name=f"{y}{c}", year_group=y)
                for n, (y, c) in enumerate((y, c) for y in ("R", "2", "3", "6") for c in "AB")
            ),
            at(BLANKS, 1, 151, class_name="Elm", sen="K", surname="Firstname"),
        ),
        "6.csv": results(
            at(ROLL_WINS, 1, 71, year_group="5", class_name="Oak", teacher="Mx Results"),
            at(ROLL_WINS, 2, 72),
            at(BLANKS, 1, 151, class_name="", sen="", surname=""),
        ),
    }
    folder = tmp_path_factory.mktemp("partnership")
    programme = programme_in(folder, files, teams=TEAMS_FILE)
    assert send(programme, {}).refused == {}
    return programme


@pytest.fixture
def told(partnership: Programme, ask: Callable[..., Any]) -> Ask:
    return lambda sql: ask(partnership, sql)


def pupils(told: Ask, school: int) -> int:
    return len(told(f"select distinct pupil_id from core.pupil_key where school_id = {school}"))


def test_a_pupil_without_a_upn_is_the_one_who_has_it_later(told: Ask, upn: Any) -> None:
    assert pupils(told, NO_UPN_YET) == 1
    assert told(
        f"select p.upn, count(*) from core.result join core.pupil as p using (pupil_id) "
        f"where school_id = {NO_UPN_YET} group by 1"
    ) == [(upn(11), 2)]


def test_two_upns_with_one_admission_number_are_two_pupils(told: Ask, upn: Any) -> None:
    """A row with the number alone is of who has it in that term; in another term it is in doubt."""
    assert told(
        f"select p.upn, term, subject, file_id from core.result join core.pupil as p "
        f"using (pupil_id) where school_id = {TWO_UPNS} and p.upn is not null order by file_id"
    ) == [
        (upn(21), AUTUMN, "maths", 1),
        (upn(22), SPRING, "maths", 3),
        (upn(22), SPRING, "reading", 4),
    ]
    assert told(
        f"select outcome, replaced_by_file_id from core.result_history "
        f"where school_id = {TWO_UPNS} and file_id = 2"
    ) == [("EXS", 3)]
    assert told(
        "select file_id, line, school_id, term from landing.rejected_row "
        "where rule_code = 'row_ambiguous_pupil'"
    ) == [(4, 4, TWO_UPNS, SUMMER)]


def test_pupils_who_share_a_upn_are_both_set_aside(told: Ask) -> None:
    assert told(
        "select file_id, line, column_name from landing.rejected_row "
        "where rule_code = 'row_shared_upn' order by line"
    ) == [(1, 7, "upn"), (1, 8, "upn")]
    assert pupils(told, CLASHING) == 1


def test_a_pupil_who_moves_keeps_the_history(told: Ask) -> None:
    assert told(
        f"select school_id, term from core.result where pupil_id = (select pupil_id "
        f"from core.pupil_key where school_id = {MOVING_TO}) order by term_no"
    ) == [(MOVING_FROM, AUTUMN), (MOVING_TO, SPRING)]


def test_two_pupils_found_to_be_one_are_merged_under_the_first_number(told: Ask) -> None:
    first = told(
        f"select distinct pupil_id from core.pupil_key where school_id = {JOINED_LATER} "
        f"and admission_number = '1'"
    )
    merges = told("select old_pupil_id, kept_pupil_id from core.pupil_merge")
    assert [kept for _, kept in merges] == [row[0] for row in first]
    assert not told(f"select 1 from core.pupil where pupil_id = {merges[0][0]}")
    assert pupils(told, JOINED_LATER) == 2


def test_the_roll_goes_before_what_results_say(told: Ask) -> None:
    """Only who is on the roll is enrolled; results add what the roll leaves out."""
    assert told(
        f"select year_group, class_name, teacher, from_roll from core.enrolment "
        f"where school_id = {ROLL_WINS}"
    ) == [("3", "Ash", "Mx Results", True)]
    assert told(f"select count(*) from core.result where school_id = {ROLL_WINS}") == [(2,)]


def test_without_a_roll_those_in_the_results_are_enrolled(told: Ask) -> None:
    assert told(
        f"select from_roll, on_roll from core.enrolment where school_id = {MOVING_FROM}"
    ) == [(False, True)]


def test_a_pupil_registered_twice_counts_in_the_main_school_only(told: Ask) -> None:
    assert told(
        f"select school_id, admission_number, on_roll from core.enrolment "
        f"where school_id in ({MAIN}, {SECOND}) order by 1, 2"
    ) == [(MAIN, "1", True), (SECOND, "1", False), (SECOND, "2", False), (SECOND, "3", True)]


def test_nobody_counts_twice(told: Ask) -> None:
    assert not told(
        "select pupil_id from core.enrolment where on_roll group by pupil_id, term_no "
        "having count(*) > 1"
    )


def test_who_left_before_or_came_after_the_term_is_not_on_roll(told: Ask) -> None:
    assert told(
        f"select admission_number, on_roll from core.enrolment where school_id = {LEAVERS} "
        f"order by 1"
    ) == [("1", False), ("2", True), ("3", False), ("4", True)]


def test_a_blank_replaces_nothing_known(told: Ask) -> None:
    assert told(
        f"select e.class_name, e.sen, p.surname from core.enrolment as e join core.pupil as p "
        f"using (pupil_id) where school_id = {BLANKS}"
    ) == [("Elm", "K", "Firstname")]


def test_teams_of_teams_csv_go_first_then_those_of_the_year_group_then_the_phase(
    told: Ask,
) -> None:
    assert told(
        f"select admission_number, team, teacher from core.enrolment where school_id = {TEAMS} "
        f"order by 1"
    ) == [
        ("1", "Owls", "Mx Invented"),
        ("2", "Owls", "Mx Invented"),
        ("3", "Kites", None),
        ("4", "Hawks", None),
        ("5", "Owls", None),
        ("6", "Years 5 and 6", None),
        ("7", "Years 5 and 6", None),
    ]


def test_a_school_of_one_class_a_year_is_one_team_and_a_larger_one_has_phases(told: Ask) -> None:
    assert told(f"select distinct team from core.enrolment where school_id = {ONE_FORM}") == [
        ("Whole school",)
    ]
    assert told(
        f"select year_group, count(distinct team), min(team) from core.enrolment "
        f"where school_id = {TWO_FORMS} group by 1 order by 1"
    ) == [
        ("2", 1, "Reception to Year 2"),
        ("3", 1, "Years 3 and 4"),
        ("6", 1, "Years 5 and 6"),
        ("R", 1, "Reception to Year 2"),
    ]


def test_classes_that_teams_csv_and_the_exports_do_not_share_are_told_by_school(
    partnership: Programme,
) -> None:
    with open_warehouse(partnership, read_only=True) as con:
        told = team_notes(con, Term.from_label("2025-26-autumn"))
    assert [note for note in told if "990011" in note] == told
    assert "does not name 2 that they have" in told[0]
