"""Who is judged, by which result, against what, how surely, and what has changed."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from pipeline.errors import Defect, SettingsWrong
from pipeline.progress.flag import default_term
from pipeline.warehouse.growing import take_up_words
from tests.stages.progress_house import (
    AUTUMN,
    MARROWBY,
    QUILLMERE,
    SPRING,
    SUMMER,
    THORNLOW,
    House,
    Row,
    enrolled,
    flagged,
    open_house,
    result,
    rows_of,
    score,
)

Told = Callable[..., Row]
MAY, JUNE = dt.date(2026, 5, 11), dt.date(2026, 6, 15)
CLIMBING = """
scale = "garden"
title = "Garden steps"
kind = "ladder"
assessment_kind = "teacher"
climbs = true
outcomes = [
  { outcome = "Seed sown", points = 1 },
  { outcome = "Seed up", points = 2 },
  { outcome = "Leaf", points = 4 },
  { outcome = "Flower", points = 5 },
]
[expected]
"5" = { autumn = "Seed sown", spring = "Seed up", summer = "Flower" }
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("progress")) as house:
        yield house


@pytest.fixture
def told(house: House) -> Told:
    """What is said of pupil 1 in maths in the summer: the deciding result, status and flag."""

    def ask(
        results: list[Row],
        enrolments: list[Row] | None = None,
        settings: str = "",
        scales: dict[str, str] | None = None,
        term_no: int = SUMMER,
    ) -> Row:
        con = flagged(house, enrolments or [enrolled(1)], results, settings, scales)
        found: Row = {}
        for table, only in (("attainment", "decides"), ("status", "true"), ("flag", "true")):
            rows = rows_of(
                con,
                f"from progress.{table} where pupil_id = 1 and subject = 'maths' "
                f"and term_no = {term_no} and {only}",
            )
            assert len(rows) <= 1
            found |= rows[0] if rows else {}
        return found

    return ask


# which result decides


def test_the_teachers_assessment_decides_before_a_later_test(told: Told) -> None:
    results = [
        result(1, "WTS", assessment_date=MAY),
        result(1, "EXS", assessment_kind="test", assessment_date=JUNE),
    ]
    assert told(results)["attainment_status"] == "below"
    assert told(results, settings='decides = "test"')["attainment_status"] == "at_expectation"
    assert told(results)["assessments_differ"]


def test_a_test_decides_where_the_teacher_recorded_an_absence(told: Told) -> None:
    found = told([result(1, None, assessment_date=JUNE), score(1, 104, assessment_date=MAY)])
    assert (found["status"], found["scale"]) == ("on_track", "standardised")


def test_what_the_settings_say_is_due_may_name_the_kind_that_decides(told: Told) -> None:
    due = '[[due]]\nyear_groups = ["5"]\nsubjects = ["maths"]\nkind = "test"\n'
    assert told([result(1, "WTS"), score(1, 104)], settings=due)["status"] == "on_track"


def test_the_latest_date_decides_then_the_later_file_then_the_later_line(told: Told) -> None:
    early = result(1, "WTS", assessment="Drop 1", assessment_date=MAY, file_id=9)
    late = result(1, "EXS", assessment="Drop 2", assessment_date=JUNE, file_id=2)
    undated = result(1, "WTS", assessment="Drop 3", file_id=10)
    assert told([early, late, undated])["assessment"] == "Drop 2"
    assert told([early | {"assessment_date": JUNE}, late])["assessment"] == "Drop 1"
    twice = [undated, undated | {"assessment": "Drop 4", "line": 99}]
    assert told(twice)["assessment"] == "Drop 4"


def test_no_result_is_a_reason_and_never_a_nought(told: Told) -> None:
    found = told([result(1, None, no_result_reason="disapplied")])
    assert (found["status"], found["points"], found["change"]) == (
        "not_assessed", None, "no_result",
    )  # fmt: skip
    assert told([])["status"] == "not_assessed"


# who is judged, where


BEFORE, JOINED, AFTER = dt.date(2026, 5, 1), dt.date(2026, 5, 11), dt.date(2026, 6, 1)


def test_a_result_at_the_former_school_counts_at_the_main_one(told: Told) -> None:
    moved = [enrolled(1, school_id=THORNLOW, entry_date=JOINED), enrolled(1, on_roll=False)]
    found = told([result(1, "WTS", school_id=MARROWBY, assessment_date=BEFORE)], moved)
    assert (found["status"], found["school_id"]) == ("underachieving", THORNLOW)


@pytest.mark.parametrize("day", [AFTER, None])
def test_a_school_sees_nothing_of_another_one_after_the_day_of_entry(
    told: Told, day: dt.date | None
) -> None:
    moved = [enrolled(1, school_id=THORNLOW, entry_date=JOINED), enrolled(1, on_roll=False)]
    elsewhere = result(1, "WTS", school_id=MARROWBY, assessment_date=day, file_id=9)
    assert told([elsewhere], moved)["status"] == "not_assessed"
    own = result(1, "EXS", school_id=THORNLOW, assessment_date=BEFORE)
    found = told([own, elsewhere], moved)
    assert (found["status"], found["assessments_differ"]) == ("on_track", False)


def test_a_result_of_a_school_whose_roll_lacks_the_pupil_is_judged_by_the_main_schools_year(
    told: Told,
) -> None:
    pupil = [enrolled(1, school_id=THORNLOW, entry_date=JOINED)]
    found = told([result(1, "WTS", school_id=MARROWBY, assessment_date=BEFORE)], pupil)
    assert (found["status"], found["year_group"]) == ("underachieving", "5")


def test_two_schools_that_name_different_years_are_judged_by_the_main_one(told: Told) -> None:
    both = [enrolled(1, year_group="5", entry_date=JOINED),
            enrolled(1, year_group="6", school_id=THORNLOW, on_roll=False)]  # fmt: skip
    sat = result(1, "3a", scale="nc-level", school_id=THORNLOW, assessment_date=BEFORE)
    found = told([sat], both)
    assert (found["expected_outcome"], found["status"]) == ("3a", "on_track")


def test_without_dates_the_main_schools_result_decides(told: Told) -> None:
    moved = [enrolled(1), enrolled(1, school_id=THORNLOW, on_roll=False)]
    results = [result(1, "EXS", file_id=2), result(1, "WTS", school_id=THORNLOW, file_id=9)]
    assert told(results, moved)["status"] == "on_track"


def test_a_pupil_on_no_roll_keeps_the_result_and_has_no_status(told: Told) -> None:
    found = told([result(1, "WTS")], [enrolled(2)])
    assert (found["decides"], found["attainment_status"]) == (True, "not_comparable")
    assert "status" not in found


def test_what_is_not_due_has_no_status(told: Told) -> None:
    assert "status" not in told([result(1, "WTS")], [enrolled(1, year_group="N2")])
    assert "status" not in told(
        [result(1, "WTS", AUTUMN)], [enrolled(1, AUTUMN, "R")], term_no=AUTUMN
    )


def test_every_pupil_due_has_one_status_for_each_subject(house: House) -> None:
    enrolments = [enrolled(p, t) for p in range(1, 31) for t in (AUTUMN, SPRING, SUMMER)]
    results = [result(p, "EXS", t) for p in range(1, 21) for t in (AUTUMN, SUMMER)]
    con = flagged(house, enrolments, results)
    keys = rows_of(con, "select distinct pupil_id, term_no, subject from progress.status")
    assert len(keys) == len(rows_of(con, "from progress.status")) == 30 * 3 * 3


def test_a_pupil_counted_in_two_schools_stops_the_program(told: Told) -> None:
    both = [enrolled(1), enrolled(1, school_id=THORNLOW)]
    for results in ([], [result(1, "EXS")]):
        with pytest.raises(Defect, match="1 on roll twice"):
            told(results, both)


def test_results_on_a_scale_that_was_taken_away_are_a_setting_to_mend(
    house: House, told: Told
) -> None:
    take_up_words(house.con, "scale", ["garden"])
    with pytest.raises(SettingsWrong, match=r"scales/garden\.toml"):
        told([result(1, "Leaf", scale="garden")])


def test_a_pupil_of_own_steps_is_counted_and_not_judged_by_the_year_group(told: Told) -> None:
    found = told([result(1, "PK4")], [enrolled(1, expectation="own")])
    assert (found["status"], found["own_steps"], found.get("reason")) == (
        "not_comparable", True, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "term_no", "new"),
    [
        (dt.date(2025, 9, 1), AUTUMN, True),
        (dt.date(2025, 9, 1), SPRING, True),
        (dt.date(2025, 9, 1), SUMMER, False),
        (dt.date(2025, 8, 31), SPRING, True),
        (dt.date(2025, 12, 31), SPRING, True),
        (dt.date(2025, 12, 31), SUMMER, True),
        (dt.date(2025, 12, 30), SUMMER, False),
        (None, SUMMER, False),
    ],
)
def test_a_pupil_is_new_in_the_first_two_terms_whatever_the_day_of_entry(
    told: Told, entry: dt.date | None, term_no: int, new: bool
) -> None:
    pupil = enrolled(1, term_no, entry_date=entry, english_proficiency="B")
    found = told([result(1, "WTS", term_no)], [pupil], term_no=term_no)
    assert (found["new_to_school"], found["new_to_english"]) == (new, new)
    assert found["reason"] == "below"


# what is expected


@pytest.mark.parametrize(
    ("outcome", "status", "terms_behind", "steps_under"),
    [
        ("4b", "at_expectation", 0, 0),
        ("5c", "at_expectation", 0, 0),
        ("4c", "below", 1, 1),  # expected until the spring of Year 6
        ("3b", "below", 5, 3),  # expected until the autumn of Year 5
        ("2b", "below", 11, 6),
        ("1c", "below", 17, 10),
        ("W", "below", 18, 11),  # under the whole table: at least so many
        ("B", "below", None, None),
        ("2d", "not_comparable", None, None),
    ],
)
def test_a_level_in_the_summer_of_year_6(
    told: Told, outcome: str, status: str, terms_behind: int | None, steps_under: int | None
) -> None:
    found = told(
        [result(1, outcome, scale="nc-level", outcome_on_scale=outcome != "2d")],
        [enrolled(1, year_group="6")],
    )
    assert (found["attainment_status"], found["terms_behind"], found["steps_under"]) == (
        status, terms_behind, steps_under,
    )  # fmt: skip
    assert found["gap_sd"] is None


@pytest.mark.parametrize(
    ("outcome", "expected", "higher", "steps_under"),
    [
        ("GDS", True, True, 0),
        ("EXS", True, False, 0),
        ("WTS", False, False, 1),
        ("PKG", False, False, 2),
        ("PK6", False, False, 2),
        ("BLW", False, False, None),
        ("EM", False, False, None),
        ("P7", False, False, None),
    ],
)
def test_a_teacher_assessment(
    told: Told, outcome: str, expected: bool, higher: bool, steps_under: int | None
) -> None:
    found = told([result(1, outcome)])
    assert (found["at_expected"], found["at_higher"], found["steps_under"]) == (
        expected, higher, steps_under,
    )  # fmt: skip
    assert found["terms_behind"] is None


@pytest.mark.parametrize(
    ("year_group", "term_no", "status"),
    [
        ("6", SUMMER, "below"),
        ("2", SUMMER, "below"),
        ("6", SPRING, "not_comparable"),
        ("5", SUMMER, "not_comparable"),
    ],
)
def test_a_school_that_means_the_end_of_the_key_stage_is_judged_there_only(
    told: Told, year_group: str, term_no: int, status: str
) -> None:
    means = f'[[school]]\nurn = {MARROWBY}\nmeaning = {{ ta = "end_of_key_stage" }}\n'
    pupil = [enrolled(1, term_no, year_group)]
    found = told([result(1, "WTS", term_no)], pupil, settings=means, term_no=term_no)
    assert found["attainment_status"] == status
    assert told([result(1, "WTS", term_no)], pupil, term_no=term_no)["status"] == "underachieving"


def test_an_own_ladder_means_this_point_in_the_year_and_may_have_spaces_in_its_outcomes(
    told: Told,
) -> None:
    found = told([result(1, "Seed up", scale="garden")], scales={"garden": CLIMBING})
    assert (found["attainment_status"], found["points"], found["terms_behind"]) == ("below", 2, 1)
    between = told([result(1, "Leaf", scale="garden")], scales={"garden": CLIMBING})
    assert (between["terms_behind"], between["steps_under"]) == (1, 1)


def test_100_is_the_middle_of_a_standardised_score_and_90_is_expected(told: Told) -> None:
    assert told([score(1, 90)])["status"] == "on_track"
    found = told([score(1, 89)])
    assert (found["status"], found["flag_points"], found["expected_points"]) == (
        "underachieving", 90, 100,
    )  # fmt: skip
    assert found["gap_sd"] == pytest.approx(11 / 15)
    assert told([score(1, 89)], settings="expected_standard_score = 85")["status"] == "on_track"
    assert told([score(1, 900, outcome_on_scale=False)])["status"] == "not_comparable"


PAPER = """
[[paper]]
scale = "standardised"
assessment = "Marrow  Maths"
year_group = "5"
term = "summer"
expected_score = 95
"""


@pytest.mark.parametrize(
    ("name", "year_group", "flag_points"),
    [("marrow MATHS", "5", 95), ("MARROW Maths", "5", 95), ("Marrow Maths", "4", 90),
     ("Marrow Maths 2", "5", 90), ("", "5", 90)],
)  # fmt: skip
def test_a_paper_of_the_settings_expects_what_they_say_in_its_year_and_term(
    told: Told, name: str, year_group: str, flag_points: float
) -> None:
    found = told([score(1, 92, assessment=name)], [enrolled(1, year_group=year_group)], PAPER)
    assert found["flag_points"] == flag_points


@pytest.mark.parametrize(
    ("name", "year_group", "term_no", "status"),
    [
        ("KS2", "6", SUMMER, "below"),
        ("key stage 2  SATs", "6", SUMMER, "not_comparable"),
        ("Key Stage 2", "6", SUMMER, "below"),
        ("KS1", "2", SUMMER, "below"),
        ("KS2", "6", SPRING, "not_comparable"),
        ("KS2", "5", SUMMER, "not_comparable"),
        ("KS2 practice", "6", SUMMER, "not_comparable"),
        ("", "6", SUMMER, "not_comparable"),
    ],
)
def test_a_scaled_score_is_judged_in_the_statutory_test_in_its_own_summer_only(
    told: Told, name: str, year_group: str, term_no: int, status: str
) -> None:
    paper = {"scale": "scaled", "assessment": name, "term_no": term_no}
    pupil = [enrolled(1, term_no, year_group)]
    for outcome in ("99", "B"):
        sat = result(1, outcome, assessment_kind="test", **paper)
        assert told([sat], pupil, term_no=term_no)["attainment_status"] == status


def test_the_higher_standard_of_the_national_test_begins_at_110(told: Told) -> None:
    for outcome, higher in (("109", False), ("110", True), ("B", False)):
        sat = result(1, outcome, scale="scaled", assessment="KS2", assessment_kind="test")
        assert told([sat], [enrolled(1, year_group="6")])["at_higher"] is higher


def test_a_practice_paper_is_judged_where_the_settings_give_a_figure_for_it(told: Told) -> None:
    figure = (
        '[[paper]]\nscale = "scaled"\nassessment = "Mock"\nterm = "spring"\nexpected_score = 96\n'
    )
    pupils = [enrolled(1, t, "6") for t in (SPRING, SUMMER)]
    sat = [
        result(1, "97", t, scale="scaled", assessment="Mock", assessment_kind="test")
        for t in (SPRING, SUMMER)
    ]
    assert told(sat, pupils, figure, term_no=SPRING)["status"] == "on_track"
    assert told(sat, pupils, figure, term_no=SUMMER)["status"] == "not_comparable"


def test_a_figure_for_any_practice_paper_leaves_the_national_test_as_it_is(told: Told) -> None:
    figure = '[[paper]]\nscale = "scaled"\nexpected_score = 96\n'
    for name, flag_points in (("KS2", 100), ("Mock", 96)):
        sat = result(1, "97", scale="scaled", assessment=name, assessment_kind="test")
        assert told([sat], [enrolled(1, year_group="6")], figure)["flag_points"] == flag_points


# how sure


@pytest.mark.parametrize(
    ("paper", "mark", "certainty", "band"),
    [
        # 100 + 0.9 × (84 − 100) = 85.6; 15 × √0.1 × √0.9 = 4.5; Φ(4.4 ÷ 4.5)
        ("reliability = 0.9", 84, 0.8359, "clear"),
        ("reliability = 0.9", 86, 0.7183, "borderline"),
        ("standard_error = 4.0", 86, 0.8413, "clear"),
        ("standard_error = 4.0", 87, 0.7734, "borderline"),
        # a published error goes before the one that the reliability gives: Φ(4.4 ÷ (4 × √0.9))
        ("reliability = 0.9\nstandard_error = 4.0", 84, 0.8769, "clear"),
    ],
)
def test_certainty_is_the_probability_that_true_attainment_is_under_the_line(
    told: Told, paper: str, mark: float, certainty: float, band: str
) -> None:
    found = told([score(1, mark)], settings=f'[[paper]]\nscale = "standardised"\n{paper}\n')
    assert found["certainty"] == pytest.approx(certainty, abs=5e-5)
    assert (found["certainty_band"], found["value"], found["expected"]) == (band, mark, 90)


def test_without_a_known_error_two_steps_or_a_second_assessment_make_it_clear(told: Told) -> None:
    def band(*results: Row) -> Any:
        return told(list(results))["certainty_band"]

    assert band(result(1, "WTS")) == "borderline"
    assert band(result(1, "PK6")) == "clear"
    assert band(result(1, "BLW")) == "clear"
    assert band(score(1, 60)) == "borderline"
    assert band(result(1, "WTS"), score(1, 88)) == "clear"
    assert band(result(1, "WTS"), score(1, 91)) == "borderline"
    again = result(1, "WTS", attempt=2, line=99)
    assert band(result(1, "WTS"), again) == "borderline"


def test_of_pupils_flagged_with_a_certainty_that_share_is_truly_under_the_line(
    house: House,
) -> None:
    pupils, reliability = 30_000, 0.85
    dice = np.random.default_rng(2026)
    true = 100 + 15 * np.sqrt(reliability) * dice.standard_normal(pupils)
    seen = true + 15 * np.sqrt(1 - reliability) * dice.standard_normal(pupils)
    seen = seen.clip(41, 159)
    settings = f'[[paper]]\nscale = "standardised"\nreliability = {reliability}\n'
    enrolments = [enrolled(p) for p in range(pupils)]
    con = flagged(house, enrolments, [score(p, s) for p, s in enumerate(seen)], settings)
    flags = rows_of(con, "select pupil_id, certainty from progress.flag")
    certainty = np.array([f["certainty"] for f in flags])
    under = np.array([true[f["pupil_id"]] < 90 for f in flags])
    for low in np.arange(0.4, 1, 0.1):
        these = (certainty >= low) & (certainty < low + 0.1)
        assert these.sum() > 300
        assert under[these].mean() == pytest.approx(certainty[these].mean(), abs=0.05)
    assert under.mean() == pytest.approx(certainty.mean(), abs=0.01)


# what has changed


@pytest.mark.parametrize(
    ("autumn", "spring", "summer", "change"),
    [
        (None, "EXS", "WTS", "new"),
        (None, "WTS", "WTS", "continuing"),
        (None, "WTS", "EXS", "recovered"),
        (None, "EXS", "GDS", "on_track"),
        (None, "WTS", None, "not_seen"),
        (None, "EXS", None, "no_result"),
        (None, None, "WTS", "first_seen"),
        ("WTS", None, "EXS", "recovered"),
        ("WTS", "EXS", "WTS", "new"),
        ("WTS", "EXS", None, "no_result"),
        ("WTS", None, None, "not_seen"),
        (None, "3b", "WTS", "scale_changed"),
    ],
)
def test_change_is_against_the_latest_comparable_term(
    told: Told, autumn: str | None, spring: str | None, summer: str | None, change: str
) -> None:
    outcomes = ((AUTUMN, autumn), (SPRING, spring), (SUMMER, summer))
    results = [result(1, o, t, scale="nc-level" if o == "3b" else "ta") for t, o in outcomes if o]
    pupil = [enrolled(1, t) for t in (AUTUMN, SPRING, SUMMER)]
    assert told(results, pupil)["change"] == change


def test_another_kind_of_assessment_is_neither_new_nor_recovered(told: Told) -> None:
    pupil = [enrolled(1, t) for t in (SPRING, SUMMER)]
    results = [result(1, "EXS", SPRING), result(1, "WTS", assessment_kind="test")]
    assert told(results, pupil)["change"] == "scale_changed"


@pytest.mark.parametrize(("terms_ago", "change"), [(3, "new"), (4, "first_seen")])
def test_a_subject_assessed_once_a_year_is_compared_with_the_year_before(
    told: Told, terms_ago: int, change: str
) -> None:
    then = SUMMER - terms_ago
    pupil = [enrolled(1, then, "4"), enrolled(1)]
    assert told([result(1, "EXS", then), result(1, "WTS")], pupil)["change"] == change


def test_a_pupil_who_moves_school_keeps_the_history(told: Told) -> None:
    pupil = [enrolled(1, SPRING), enrolled(1, school_id=THORNLOW)]
    results = [result(1, "WTS", SPRING), result(1, "EXS", school_id=THORNLOW)]
    assert told(results, pupil)["change"] == "recovered"


# the Venn diagram


def venn(
    house: House, results: list[Row], enrolments: list[Row], settings: str = ""
) -> dict[int, Row]:
    con = flagged(house, enrolments, results, settings)
    told = rows_of(con, f"from progress.venn where term_no = {SUMMER}")
    return {r["pupil_id"]: r for r in told}


def three(pupil: int, maths: str, reading: str, writing: str, term_no: int = SUMMER) -> list[Row]:
    told = {"maths": maths, "reading": reading, "writing": writing}
    return [result(pupil, o, term_no, subject=s) for s, o in told.items() if o]


def test_only_pupils_with_all_three_subjects_stand_in_the_diagram(house: House) -> None:
    results = [
        *three(1, "EXS", "GDS", "EXS"),
        *three(2, "EXS", "WTS", "EXS"),
        *three(3, "WTS", "WTS", "BLW"),
        *three(4, "EXS", "EXS", ""),
    ]
    found = venn(house, results, [enrolled(p) for p in range(1, 5)])
    assert {p: v["region"] for p, v in found.items()} == {
        1: "maths+reading+writing", 2: "maths+writing", 3: "none", 4: None,
    }  # fmt: skip
    assert (found[4]["subjects_known"], found[4]["subjects_on_track"]) == (2, 2)


def test_a_subject_is_carried_only_where_over_half_of_the_year_group_lack_it(
    house: House,
) -> None:
    pupils = [enrolled(p, t) for p in range(1, 5) for t in (AUTUMN, SPRING, SUMMER)]
    earlier = [r for p in range(1, 5) for r in three(p, "EXS", "EXS", "EXS", SPRING)]
    half = [r for p in range(1, 5) for r in three(p, "EXS", "EXS", "WTS" if p < 3 else "")]
    found = venn(house, earlier + half, pupils)
    assert [found[p]["region"] for p in (1, 3)] == ["maths+reading", None]
    most = [r for p in range(1, 5) for r in three(p, "EXS", "EXS", "WTS" if p < 2 else "")]
    found = venn(house, earlier + most, pupils)
    assert [found[p]["region"] for p in (1, 3)] == ["maths+reading", "maths+reading+writing"]
    assert [found[p]["carried"] for p in (1, 3)] == [False, True]


def test_a_subject_unknown_for_two_terms_leaves_two_rings(house: House) -> None:
    autumn = SUMMER - 3
    pupils = [enrolled(1, autumn, "4"), enrolled(1)]
    results = three(1, "EXS", "EXS", "EXS", autumn) + three(1, "EXS", "WTS", "")
    found = venn(house, results, pupils)
    assert (found[1]["rings"], found[1]["region"]) == (2, "maths")


def test_a_subject_that_is_not_due_uses_the_latest_of_the_last_two_terms(house: House) -> None:
    due = (
        '[[due]]\nyear_groups = ["5"]\nsubjects = ["maths", "reading"]\n'
        '[[due]]\nyear_groups = ["5"]\nsubjects = ["writing"]\nterms = ["autumn", "spring"]\n'
    )
    pupils = [enrolled(1, t) for t in (AUTUMN, SPRING, SUMMER)]
    results = [
        *three(1, "EXS", "EXS", "WTS", AUTUMN),
        *three(1, "EXS", "EXS", "EXS", SPRING),
        *three(1, "EXS", "EXS", ""),
    ]
    found = venn(house, results, pupils, due)
    assert (found[1]["region"], found[1]["carried"]) == ("maths+reading+writing", True)


# what a reader must know


def test_a_year_group_mostly_below_is_told_where_nobody_has_said_what_the_ladder_means(
    house: House,
) -> None:
    schools = (MARROWBY, QUILLMERE)
    pupils = [enrolled(10 * s + n, school_id=s) for s in schools for n in range(5)]
    results = [
        result(e["pupil_id"], "EXS" if at % 5 == 0 else "WTS", school_id=e["school_id"])
        for at, e in enumerate(pupils)
    ]
    means = f'[[school]]\nurn = {MARROWBY}\nmeaning = {{ ta = "this_point_in_year" }}\n'
    con = flagged(house, pupils, results, means)
    told = rows_of(con, "select school_id, pupils, of_pupils from progress.caution")
    assert told == [{"school_id": QUILLMERE, "pupils": 4, "of_pupils": 5}]


def test_the_default_term_is_the_latest_that_most_schools_have_sent(house: House) -> None:
    schools = (MARROWBY, THORNLOW, QUILLMERE)
    con = flagged(
        house,
        [enrolled(s, school_id=s) for s in schools],
        [result(s, "EXS", AUTUMN, school_id=s) for s in schools]
        + [result(s, "EXS", SPRING, school_id=s) for s in schools[:2]]
        + [result(s, "EXS", SUMMER, school_id=s) for s in schools[:1]],
    )
    con.execute("delete from core.school")
    for s in schools:
        con.execute("insert into core.school values (?, ?, null, 'Invented')", [s, s])
    found = default_term(con)
    assert found is not None
    assert found.term_no == SPRING
