"""What each scale that is shipped makes of a result: judged when, against what, and never when."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipeline.errors import SettingsWrong
from pipeline.reports.source import ask
from tests.stages.progress_house import (
    AUTUMN,
    MARROWBY,
    SPRING,
    SUMMER,
    House,
    Row,
    enrolled,
    flagged,
    open_house,
    result,
    rows_of,
    score,
)

Judge = Callable[..., Row]
JUNE_2017, JUNE_2023, JUNE_2026 = 3 * 2016 + 2, 3 * 2022 + 2, SUMMER
DUE = """
subjects = ["maths", "reading", "writing", "phonics", "mtc", "science"]
venn_subjects = ["maths", "reading", "writing"]
[[due]]
year_groups = ["R", "1", "2", "3", "4", "5", "6"]
"""
THRESHOLD = """
[[paper]]
scale = "phonics"
year_group = "1"
term = "summer"
academic_year = "2025-26"
expected_score = 30
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("scales")) as house:
        yield house


@pytest.fixture
def judge(house: House) -> Judge:
    """What becomes of one result of pupil 1: attainment, status and the reasons."""

    def ask(sent: Row, year_group: str = "5", settings: str = "", **enrolment: Any) -> Row:
        pupil = enrolled(1, sent["term_no"], year_group, **enrolment)
        con = flagged(house, [pupil], [sent], DUE + settings)
        (attainment,) = rows_of(con, "from progress.attainment")
        where = f"term_no = {sent['term_no']} and subject = '{sent['subject']}'"
        (status,) = rows_of(con, f"from progress.status where {where}")
        reasons = {r["reason"]: r for r in rows_of(con, "from progress.flag")}
        return attainment | status | {"reasons": reasons}

    return ask


def phonics(mark: str, term_no: int, **other: Any) -> Row:
    return result(1, mark, term_no, **{"subject": "phonics", "scale": "phonics",
                                       "assessment_kind": "test"} | other)  # fmt: skip


def tables_check(mark: str, **other: Any) -> Row:
    return result(1, mark, **{"subject": "mtc", "scale": "mtc", "assessment_kind": "test"} | other)


# phonics: its June of Year 1 only, by the threshold of the year


@pytest.mark.parametrize(
    ("mark", "term_no", "settings", "status"),
    [
        ("31", JUNE_2017, "", "underachieving"),
        ("32", JUNE_2017, "", "on_track"),
        ("31", JUNE_2023, "", "underachieving"),
        ("31", JUNE_2026, "", "not_comparable"),
        ("31", JUNE_2026, THRESHOLD, "on_track"),
        ("29", JUNE_2026, THRESHOLD, "underachieving"),
        ("31", JUNE_2023, THRESHOLD, "underachieving"),
    ],
)
def test_phonics_is_judged_by_the_threshold_of_its_own_year(
    judge: Judge, mark: str, term_no: int, settings: str, status: str
) -> None:
    assert judge(phonics(mark, term_no), "1", settings)["status"] == status


def test_the_settings_go_before_the_threshold_that_is_shipped(judge: Judge) -> None:
    other = THRESHOLD.replace("2025-26", "2022-23")
    assert judge(phonics("31", JUNE_2023), "1", other)["status"] == "on_track"


@pytest.mark.parametrize("mark", ["0", "12", "31", "40"])
@pytest.mark.parametrize(
    ("term_no", "year_group"),
    [(JUNE_2023 - 2, "1"), (JUNE_2023 - 1, "1"), (JUNE_2023, "2"), (JUNE_2023, "R"),
     (AUTUMN, "1"), (SPRING, "1")],
)  # fmt: skip
@pytest.mark.parametrize("target", [None, "32"])
def test_a_phonics_mark_at_another_time_never_flags(
    judge: Judge, mark: str, term_no: int, year_group: str, target: str | None
) -> None:
    sent = phonics(mark, term_no, assessment="Phonics", target=target)
    found = judge(sent, year_group, THRESHOLD)
    assert (found["status"], found["reasons"]) == ("not_comparable", {})


@pytest.mark.parametrize("scale", ["phonics", "raw"])
def test_phonics_marks_sent_as_raw_marks_are_not_ranked(house: House, scale: str) -> None:
    pupils = [enrolled(p, AUTUMN, "1") for p in range(1, 61)]
    marks = [phonics(str(p % 41), AUTUMN, scale=scale) | {"pupil_id": p} for p in range(1, 61)]
    con = flagged(house, pupils, marks, DUE)
    assert rows_of(con, "from progress.flag") == []


# multiplication tables check: shown, never judged


@pytest.mark.parametrize("mark", ["0", "3", "20", "25", "B"])
@pytest.mark.parametrize("more", [{}, {"expectation": "own"}])
@pytest.mark.parametrize("assessment", ["", "MTC"])
def test_a_multiplication_check_is_shown_and_never_flags(
    judge: Judge, mark: str, more: dict[str, str], assessment: str
) -> None:
    found = judge(tables_check(mark, target="25", assessment=assessment), "4", **more)
    assert (found["outcome"], found["status"], found["reasons"]) == (mark, "not_comparable", {})


@pytest.mark.parametrize(
    "sent", [{"subject": "mtc"}, {"subject": "maths", "assessment": "MTC"},
             {"subject": "maths", "assessment": "Multiplication Tables Check"}],
)  # fmt: skip
def test_a_multiplication_check_sent_as_raw_marks_is_not_ranked(
    house: House, sent: dict[str, str]
) -> None:
    pupils = [enrolled(p, year_group="4") for p in range(1, 61)]
    marks = [
        tables_check(str(p % 26), **{"scale": "raw"} | sent) | {"pupil_id": p} for p in range(1, 61)
    ]
    con = flagged(house, pupils, marks, DUE)
    assert rows_of(con, "from progress.flag") == []
    told = rows_of(con, "select distinct status from progress.status where subject = "
                        f"'{sent['subject']}'")  # fmt: skip
    assert told == [{"status": "not_comparable"}]


def test_no_setting_gives_the_multiplication_check_a_pass_mark(judge: Judge) -> None:
    paper = '[[paper]]\nscale = "mtc"\nexpected_score = 20\n'
    with pytest.raises(SettingsWrong, match=r"'paper\.1\.expected_score'.*'mtc' has no pass mark"):
        judge(tables_check("12"), "4", paper)


@pytest.mark.parametrize(
    ("code", "reason"),
    [("A", "absent"), ("J", "just arrived"), ("U", "unable to access the check")],
)
def test_a_code_of_the_check_is_a_reason_for_no_result(
    judge: Judge, code: str, reason: str
) -> None:
    sent = result(1, None, subject="mtc", scale="mtc", no_result_reason=reason)
    assert judge(sent, "4")["status"] == "not_assessed", code


# early years foundation stage profile


@pytest.mark.parametrize(
    ("outcome", "status"),
    [("emerging", "underachieving"), ("expected", "on_track"), ("exceeding", "on_track")],
)
def test_the_profile_is_judged_in_the_summer_of_reception(
    judge: Judge, outcome: str, status: str
) -> None:
    sent = result(1, outcome, 3 * 2018 + 2, scale="eyfs")
    assert judge(sent, "R")["status"] == status
    assert judge(sent | {"term_no": 3 * 2018, "term": "autumn"}, "R")["status"] == "not_comparable"
    assert judge(sent, "1")["status"] == "not_comparable"


GOALS = (
    *("listening, attention and understanding", "speaking", "self-regulation", "managing self"),
    *("building relationships", "gross motor skills", "fine motor skills", "comprehension"),
    *("word reading", "writing", "number", "numerical patterns"),
)
GOALS_DUE = f"""
subjects = {[*GOALS, "people, culture and communities"]}
venn_subjects = ["writing", "number"]
[[due]]
year_groups = ["R"]
terms = ["summer"]
""".replace("'", '"')


def profile(pupil: int, **other: str | None) -> list[Row]:
    """Expected in every goal, but for those told."""
    told = {goal.replace(" ", "_").replace(",", ""): goal for goal in GOALS}
    outcomes = {goal: other.get(key, "expected") for key, goal in told.items()}
    return [
        result(pupil, outcome, scale="eyfs", subject=goal) for goal, outcome in outcomes.items()
    ]


def test_a_good_level_of_development_is_every_goal_of_five_areas_at_expected(house: House) -> None:
    pupils = [enrolled(p, year_group="R") for p in range(1, 6)]
    results = [
        *profile(1),
        *profile(2, number="emerging"),
        *profile(3, writing=None),
        *profile(4, writing=None, speaking="emerging"),
        result(1, "emerging", scale="eyfs", subject="people, culture and communities"),
    ]
    con = flagged(house, pupils, results, GOALS_DUE)
    found = {r["pupil_id"]: r for r in rows_of(con, "from progress.good_level")}
    told = {p: (r["goals_known"], r["goals_reached"], r["good_level"]) for p, r in found.items()}
    assert told == {
        1: (12, 12, True),
        2: (12, 11, False),
        3: (11, 11, None),
        4: (11, 10, False),
        5: (0, 0, None),
    }
    (page,) = ask(con, "good_level", school_id=MARROWBY, term_no=SUMMER)
    assert (page.reached, page.not_reached, page.not_known) == (1, 2, 2)
    assert ask(con, "good_level", school_id=MARROWBY, term_no=SPRING) == []


def test_before_september_2021_other_goals_count(house: House) -> None:
    """The twelve goals of today say nothing of a profile of 2019."""
    term_no = 3 * 2018 + 2
    pupils = [enrolled(1, term_no, "R")]
    results = [r | {"term_no": term_no, "academic_year": "2018-19"} for r in profile(1)]
    con = flagged(house, pupils, results, GOALS_DUE)
    (found,) = rows_of(con, "from progress.good_level")
    assert (found["goals"], found["goals_known"], found["good_level"]) == (12, 2, None)


def test_no_profile_no_good_level(house: House) -> None:
    con = flagged(house, [enrolled(1, year_group="R")], [result(1, "EXS")], "")
    assert rows_of(con, "from progress.good_level") == []


# codes of the national tests and frameworks


@pytest.mark.parametrize(
    ("outcome", "assessment", "status", "higher"),
    [
        ("NS", "KS2", "underachieving", False),
        ("AS", "KS2", "on_track", None),
        ("B", "KS2", "underachieving", False),
        ("99", "KS2", "underachieving", False),
        ("100", "KS2", "on_track", False),
        ("110", "KS2", "on_track", True),
        ("AS", "practice", "not_comparable", None),
        ("NS", "practice", "not_comparable", None),
    ],
)
def test_achieved_and_not_achieved_stand_for_a_score_that_is_not_there(
    judge: Judge, outcome: str, assessment: str, status: str, higher: bool | None
) -> None:
    sent = result(1, outcome, scale="scaled", assessment_kind="test", assessment=assessment)
    found = judge(sent, "6")
    assert (found["status"], found["at_higher"]) == (status, higher)


@pytest.mark.parametrize(
    ("outcome", "status", "band"),
    [("<69", "underachieving", "clear"), (">141", "on_track", None)],
)
def test_a_score_beyond_the_end_of_the_publishers_table_is_under_or_over_the_line(
    judge: Judge, outcome: str, status: str, band: str | None
) -> None:
    found = judge(result(1, outcome, scale="standardised", assessment_kind="test"))
    assert (found["status"], found["points"]) == (status, None)
    assert [r["certainty_band"] for r in found["reasons"].values()] == ([band] if band else [])


def test_not_achieved_says_nothing_of_a_lower_target(judge: Judge) -> None:
    sent = result(1, "NS", scale="scaled", assessment_kind="test", assessment="KS2", target="92")
    found = judge(sent, "6")["reasons"]
    assert {r: f["certainty_band"] for r, f in found.items()} == {"below": "borderline"}


@pytest.mark.parametrize(
    ("outcome", "status", "band"),
    [("HNM", "underachieving", "borderline"), ("EXS", "on_track", None)],
)
def test_science_of_key_stage_2_has_met_the_standard_or_not(
    judge: Judge, outcome: str, status: str, band: str | None
) -> None:
    found = judge(result(1, outcome, subject="science"), "6")
    assert found["status"] == status
    assert [r["certainty_band"] for r in found["reasons"].values()] == ([band] if band else [])


@pytest.mark.parametrize("outcome", ["PKF", "PKE", "PKG", "PK1", "PK6", "BLW", "EM", "P8", "WTS"])
@pytest.mark.parametrize("year", [2016, 2019, 2025])
def test_a_code_of_any_year_is_understood_and_below(judge: Judge, outcome: str, year: int) -> None:
    found = judge(result(1, outcome, 3 * year + 2), "6")
    assert found["attainment_status"] == "below"


@pytest.mark.parametrize("then", ["EXS", "GDS", "HNM"])
def test_not_met_is_no_fall_from_anything(house: House, then: str) -> None:
    """It says that the standard was not reached, and nothing of how far under."""
    pupils = [enrolled(1, t, y) for t, y in ((SUMMER - 3, "5"), (SPRING, "6"), (SUMMER, "6"))]
    results = [result(1, o, t, subject="science")
               for o, t in ((then, SUMMER - 3), (then, SPRING), ("HNM", SUMMER))]  # fmt: skip
    con = flagged(house, pupils, results, DUE)
    flags = rows_of(con, f"select reason from progress.flag where term_no = {SUMMER}")
    assert flags == [{"reason": "below"}]


# bands of a publisher


NFER = '[[paper]]\nscale = "standardised"\nassessment = "NFER"\nbands = "NFER"\n'


@pytest.mark.parametrize(
    ("mark", "assessment", "settings", "status"),
    [
        (94, "NFER", NFER, "underachieving"),
        (95, "NFER", NFER, "on_track"),
        (94, "NFER", "", "on_track"),
        (94, "another", NFER, "on_track"),
        (89, "another", NFER, "underachieving"),
    ],
)
def test_the_band_of_a_publisher_is_the_line_where_the_settings_say_so(
    judge: Judge, mark: float, assessment: str, settings: str, status: str
) -> None:
    assert judge(score(1, mark, assessment=assessment), "5", settings)["status"] == status


@pytest.mark.parametrize(
    ("paper", "told"),
    [
        ('scale = "standardised"\nbands = "Quill"', "'paper.1.bands' = 'Quill': expected one of N"),
        ('scale = "raw"\nbands = "NFER"', "none, as the scale describes no bands"),
        (
            'scale = "standardised"\nbands = "NFER"\nexpected_score = 90',
            "both say what is expected",
        ),
        (
            'scale = "scaled"\nexpected_score = 1000',
            "'paper.1.expected_score' = 1000: expected a score of 'scaled', 80 to 120",
        ),
        ('scale = "ta"\nexpected_score = 100', "a ladder has no papers"),
    ],
)
def test_a_paper_that_its_scale_cannot_mean_is_refused(judge: Judge, paper: str, told: str) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        judge(score(1, 94), "5", f"[[paper]]\n{paper}\n")
    assert told in str(wrong.value)


# a paper of another year group


@pytest.mark.parametrize(
    ("outcome", "status"), [("2b", "underachieving"), ("3a", "on_track"), ("4c", "on_track")]
)
def test_a_paper_of_another_year_is_compared_with_the_pupils_own_year(
    judge: Judge, outcome: str, status: str
) -> None:
    sent = result(1, outcome, scale="nc-level", assessment="Year 3 paper", assessment_kind="test")
    found = judge(sent, "5")
    assert (found["status"], found["expected_outcome"]) == (status, "3a")


@pytest.mark.parametrize(("before", "now", "status"), [
    ("2c", "2a", "on_track"), ("2b", "2b", "on_track"), ("2a", "2c", "underachieving"),
])  # fmt: skip
def test_small_steps_on_a_paper_of_ones_own_count(
    house: House, before: str, now: str, status: str
) -> None:
    terms = (SUMMER - 3, SUMMER)
    pupils = [enrolled(1, t, y, expectation="own") for t, y in zip(terms, "45", strict=True)]
    results = [
        result(1, o, t, scale="nc-level", assessment="Year 2 paper", assessment_kind="test")
        for o, t in zip((before, now), terms, strict=True)
    ]
    con = flagged(house, pupils, results)
    (found,) = rows_of(con, f"from progress.status where subject = 'maths' and term_no = {SUMMER}")
    assert (found["attainment_status"], found["status"]) == ("not_comparable", status)


# P scales: an order without points, below the ladders


@pytest.mark.parametrize("scale", ["ta", "nc-level"])
@pytest.mark.parametrize(
    ("before", "now", "progress", "band"),
    [
        ("P6", "P6", "enough", None),
        ("P6", "P5", "enough", None),
        ("P6", "P8", "enough", None),
        ("P6", "P4", "too_little", "clear"),
        ("P1ii", "P1i", "enough", None),
        ("P4", "P3i", "too_little", "clear"),
        ("EM", "P4", "not_known", None),
        ("P4", "EM", "not_known", None),
    ],
)
def test_small_steps_on_p_scales_tell_progress_of_a_pupil_on_own_steps(
    house: House, scale: str, before: str, now: str, progress: str, band: str | None
) -> None:
    if scale == "nc-level":
        before, now = (o.replace("EM", "B") for o in (before, now))
    found, flags = own_progress(house, scale, before, now)
    assert found["progress_status"] == progress
    assert [f["certainty_band"] for f in flags] == ([band] if band else [])
    assert all((f["value"], f["expected"], f["baseline"]) == (None,) * 3 for f in flags)


@pytest.mark.parametrize(("scale", "before", "now", "progress"), [
    ("nc-level", "P8", "W", "enough"), ("ta", "P8", "PK1", "enough"),
    ("nc-level", "W", "P4", "not_known"), ("nc-level", "1c", "P8", "too_little"),
])  # fmt: skip
def test_to_rise_onto_the_ladder_is_enough_and_w_is_no_step_above_p_scales(
    house: House, scale: str, before: str, now: str, progress: str
) -> None:
    assert own_progress(house, scale, before, now)[0]["progress_status"] == progress


END_OF_KEY_STAGE = """
[[school]]
urn = 990001
meaning = { ta = "end_of_key_stage", nc-level = "end_of_key_stage" }
"""


@pytest.mark.parametrize("scale", ["ta", "nc-level"])
@pytest.mark.parametrize(("now", "progress"), [("P5", "enough"), ("P4", "too_little")])
def test_small_steps_tell_progress_where_nothing_is_expected_of_the_year_group(
    house: House, scale: str, now: str, progress: str
) -> None:
    found, flags = own_progress(house, scale, "P6", now, END_OF_KEY_STAGE)
    assert (found["attainment_status"], found["progress_status"]) == ("not_comparable", progress)
    assert [f["reason"] for f in flags] == ["slow"] * (progress == "too_little")


@pytest.mark.parametrize(
    "other", [{"scale": "nc-level"}, {"assessment_kind": "test"}], ids=["scale", "kind"]
)
@pytest.mark.parametrize("settings", ["", END_OF_KEY_STAGE], ids=["expected", "not_expected"])
def test_small_steps_under_another_ladder_or_of_another_kind_are_not_compared(
    house: House, other: dict[str, str], settings: str
) -> None:
    found, flags = own_progress(house, "ta", "P8", "P4", settings, other)
    assert (found["progress_status"], flags) == ("not_known", [])


def own_progress(
    house: House,
    scale: str,
    before: str,
    now: str,
    settings: str = "",
    then: dict[str, str] | None = None,
) -> tuple[Row, list[Row]]:
    """Status and flags of this summer, of a pupil on own steps with a result last summer too."""
    terms = (SUMMER - 3, SUMMER)
    pupils = [enrolled(1, t, y, expectation="own") for t, y in zip(terms, "45", strict=True)]
    results = [
        result(1, before, SUMMER - 3, **{"scale": scale} | (then or {})),
        result(1, now, SUMMER, scale=scale),
    ]
    con = flagged(house, pupils, results, settings)
    (found,) = rows_of(con, f"from progress.status where subject = 'maths' and term_no = {SUMMER}")
    return found, rows_of(con, f"from progress.flag where term_no = {SUMMER}")


@pytest.mark.parametrize("now", ["P1i", "P8"])
def test_on_p_scales_every_other_pupil_is_below_and_nothing_more(house: House, now: str) -> None:
    pupils = [enrolled(1, t, y) for t, y in ((SUMMER - 3, "4"), (SUMMER, "5"))]
    results = [result(1, "P8", SUMMER - 3), result(1, now, SUMMER)]
    con = flagged(house, pupils, results)
    flags = rows_of(con, f"select reason from progress.flag where term_no = {SUMMER}")
    assert flags == [{"reason": "below"}]
