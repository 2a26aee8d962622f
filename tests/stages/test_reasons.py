"""Why a pupil is flagged beside being below: slow progress, a drop, a target that was missed."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.stages.progress_house import (
    AUTUMN,
    MARROWBY,
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

LAST_SUMMER, LAST_SPRING, LAST_AUTUMN = SUMMER - 3, SPRING - 3, AUTUMN - 3
KNOWN = '[[paper]]\nscale = "standardised"\nstandard_error = 4\n'  # 1.96 × √2 × 4 = 11.09
FIVE = """
scale = "garden"
title = "Garden steps"
kind = "ladder"
assessment_kind = "teacher"
meaning = "this_point_in_year"
outcomes = [
  { outcome = "Bulb", points = 1 },
  { outcome = "Shoot", points = 2 },
  { outcome = "Leaf", points = 3 },
  { outcome = "Bud", points = 4 },
  { outcome = "Bloom", points = 5 },
]
[expected]
"4" = { autumn = "Bulb", spring = "Bulb", summer = "Bulb" }
"5" = { autumn = "Bulb", spring = "Bulb", summer = "Bulb" }
"""
Told = Callable[..., Row]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("reasons")) as house:
        yield house


def year_of(term_no: int, now: int = 5) -> str:
    return str(now - (SUMMER // 3 - term_no // 3))


@pytest.fixture
def told(house: House) -> Told:
    """The status of pupil 1 in maths in the summer of Year 5, with its flags by reason."""

    def ask(results: list[Row], settings: str = "", now: int = 5, **pupil: Any) -> Row:
        terms = range(LAST_AUTUMN - 6, SUMMER + 1)
        roll = [enrolled(1, t, year_of(t, now), **pupil) for t in terms]
        con = flagged(house, roll, results, settings, {"garden": FIVE})
        where = f"where pupil_id = 1 and subject = 'maths' and term_no = {SUMMER}"
        (status,) = rows_of(con, f"from progress.status {where}")
        flags = rows_of(con, f"from progress.flag {where}")
        return status | {"flags": {f["reason"]: f for f in flags}}

    return ask


def levels(**by_term: str) -> list[Row]:
    terms = {"last_summer": LAST_SUMMER, "autumn": AUTUMN, "spring": SPRING, "summer": SUMMER}
    return [result(1, o, terms[t], scale="nc-level") for t, o in by_term.items()]


def scores(*marks: tuple[int, float]) -> list[Row]:
    return [score(1, mark, term_no=term) for term, mark in marks]


def garden(*outcomes: tuple[int, str]) -> list[Row]:
    return [result(1, o, term, scale="garden") for term, o in outcomes]


# drop


@pytest.mark.parametrize(("spring", "dropped"), [("4b", False), ("4a", True), ("5c", True)])
def test_two_steps_lower_than_the_last_result_is_a_drop_on_a_ladder(
    told: Told, spring: str, dropped: bool
) -> None:
    found = told(levels(spring=spring, summer="4c"))
    assert (found["attainment_status"], found["dropped"]) == ("at_expectation", dropped)
    assert found["status"] == ("underachieving" if dropped else "on_track")
    if dropped:
        flag = found["flags"]["drop"]
        assert (flag["value"], flag["baseline_term_no"], flag["certainty_band"]) == (
            25, SPRING, "clear",
        )  # fmt: skip


@pytest.mark.parametrize(("mark", "dropped"), [(111, False), (112, True)])
def test_a_score_drops_by_more_than_1_96_errors_of_the_difference(
    told: Told, mark: float, dropped: bool
) -> None:
    found = told(scores((SPRING, mark), (SUMMER, 100)), KNOWN)
    assert (found["dropped"], found["progress_status"]) == (
        dropped, "too_little" if dropped else "not_known",
    )  # fmt: skip


def test_only_the_most_recent_earlier_result_counts_not_the_highest(told: Told) -> None:
    found = told(scores((LAST_SUMMER, 130), (AUTUMN, 128), (SPRING, 104), (SUMMER, 100)), KNOWN)
    assert not found["dropped"]


def test_how_sure_a_drop_is(told: Told) -> None:
    flag = told(scores((SPRING, 115), (SUMMER, 100)), KNOWN)["flags"]["drop"]
    assert flag["certainty"] == pytest.approx(0.99598, abs=5e-5)  # Φ(15 ÷ (√2 × 4))
    assert (flag["value"], flag["expected"], flag["baseline"]) == (100, 115, 115)


def test_a_score_whose_error_nobody_knows_neither_drops_nor_is_slow(told: Told) -> None:
    found = told(scores((LAST_SUMMER, 140), (SPRING, 140), (SUMMER, 95)))
    assert (found["status"], found["progress_status"]) == ("on_track", "not_known")


def test_five_outcomes_or_fewer_need_one_step_seen_in_two_terms_running(told: Told) -> None:
    def found(*outcomes: str) -> Row:
        """The outcomes of the latest terms, the last of them now."""
        terms = (LAST_SPRING, LAST_SUMMER, AUTUMN, SPRING, SUMMER)
        return told(garden(*zip(terms[-len(outcomes) :], outcomes, strict=True)))

    assert not found("Bloom", "Leaf")["dropped"]
    assert not found("Bloom", "Bloom", "Leaf")["dropped"]
    assert not found("Bud", "Leaf", "Leaf")["dropped"]
    assert not found("Bloom", "Bloom", "Bloom", "Leaf")["dropped"]
    assert not found("Bud", "Bud", "Leaf", "Bud")["dropped"]
    lower = found("Bud", "Bud", "Leaf", "Leaf")
    assert (lower["dropped"], lower["flags"]["drop"]["certainty_band"]) == (True, "borderline")
    assert lower["flags"]["drop"]["baseline_term_no"] == AUTUMN
    further = found("Bud", "Bud", "Leaf", "Shoot")
    assert further["flags"]["drop"]["certainty_band"] == "clear"


def test_on_few_outcomes_a_single_high_or_low_result_is_no_drop(told: Told) -> None:
    """A steady pupil who once was judged too high or too low does not fall."""
    terms = (LAST_SPRING, LAST_SUMMER, AUTUMN, SPRING, SUMMER)
    for outcomes in (
        ("Leaf", "Leaf", "Bud", "Leaf", "Leaf"),
        ("Leaf", "Bud", "Leaf", "Leaf", "Leaf"),
        ("Bud", "Bud", "Bud", "Leaf", "Bud"),
        ("Leaf", "Bud", "Leaf", "Shoot", "Leaf"),
    ):
        assert not told(garden(*zip(terms, outcomes, strict=True)))["dropped"], outcomes
    gone = [(LAST_SPRING, "Bud"), (LAST_SUMMER, "Bud"), (AUTUMN, "Leaf"), (SUMMER, "Leaf")]
    assert not told(garden(*gone))["dropped"], "the term before has no result"


def test_after_a_result_too_low_for_points_nothing_is_a_drop(told: Told) -> None:
    results = [result(1, "GDS", AUTUMN), result(1, "BLW", SPRING), result(1, "WTS")]
    assert not told(results)["dropped"]


# slow


def test_slow_is_short_both_since_the_baseline_and_since_the_same_term_last_year(
    told: Told,
) -> None:
    """From the summer of Year 4 (3b) to that of Year 5 (3a) one step more is expected."""
    slow = told(levels(last_summer="4c", summer="3a"))
    assert (slow["attainment_status"], slow["progress_status"]) == ("at_expectation", "too_little")
    flag = slow["flags"]["slow"]
    assert (flag["value"], flag["expected"], flag["baseline"]) == (23, 27, 25)
    assert (flag["baseline_term_no"], flag["certainty_band"]) == (LAST_SUMMER, "clear")
    one_short = told(levels(last_summer="3a", summer="3a"))
    assert (one_short["status"], one_short["progress_status"]) == ("on_track", "enough")


def test_short_since_one_of_the_two_only_is_not_slow(told: Told) -> None:
    risen = [result(1, "2c", LAST_SUMMER - 3, scale="nc-level")]
    assert not told(risen + levels(last_summer="4c", summer="3a"))["slow"]
    early = scores((LAST_SPRING, 120), (LAST_SUMMER, 104), (SUMMER, 100))
    assert told(early, KNOWN)["progress_status"] == "enough"
    both = scores((LAST_SPRING, 120), (LAST_SUMMER, 116), (SPRING, 102), (SUMMER, 100))
    found = told(both, KNOWN)
    assert (found["slow"], found["dropped"]) == (True, False)
    flag = found["flags"]["slow"]
    assert (flag["baseline"], flag["expected"], flag["value"]) == (120, 120, 100)
    assert flag["certainty"] == pytest.approx(0.99766, abs=5e-5)  # the smaller: Φ(16 ÷ (√2 × 4))


def test_without_a_result_in_the_same_term_last_year_progress_is_not_known(told: Told) -> None:
    found = told(levels(autumn="4a", spring="3a", summer="3b"))
    assert (found["progress_status"], found["attainment_status"]) == ("not_known", "below")


def test_nobody_is_expected_to_rise_above_the_top_of_a_ladder(told: Told) -> None:
    found = told(levels(last_summer="6a", summer="6a"))
    assert found["progress_status"] == "enough"


def test_below_but_with_enough_progress(told: Told) -> None:
    found = told(levels(last_summer="2b", summer="2a"))
    assert (found["status"], found["attainment_status"], found["progress_status"]) == (
        "underachieving", "below", "enough",
    )  # fmt: skip


def test_another_scale_or_kind_of_assessment_is_no_earlier_result(told: Told) -> None:
    earlier = [result(1, "5a", t, scale="nc-level") for t in (LAST_SUMMER, SPRING)]
    for now in (result(1, "EXS"), result(1, "3a", scale="nc-level", assessment_kind="test")):
        found = told([*earlier, now])
        assert (found["progress_status"], found["change"]) == ("not_known", "scale_changed")


def test_scaled_scores_of_two_terms_are_not_one_measure(told: Told) -> None:
    paper = {"scale": "scaled", "assessment": "Mock", "assessment_kind": "test"}
    figure = '[[paper]]\nscale = "scaled"\nexpected_score = 90\nstandard_error = 2\n'
    found = told([result(1, "119", SPRING, **paper), result(1, "91", **paper)], figure)
    assert (found["status"], found["progress_status"]) == ("on_track", "not_known")


def test_marks_without_a_named_paper_are_compared_within_their_own_school_only(
    house: House,
) -> None:
    settings = 'norm_minimum_pupils = 5\n[[paper]]\nscale = "raw"\nstandard_error = 1\n'
    raw = {"scale": "raw", "assessment_kind": "test"}
    pupils = range(1, 11)
    for school, dropped in ((MARROWBY, True), (THORNLOW, False)):
        roll = [enrolled(p, SPRING) for p in pupils]
        roll += [enrolled(p, SUMMER, school_id=school) for p in pupils]
        marks = [result(p, str(50 + p), SPRING, **raw) for p in pupils]
        marks += [result(p, str(70 - p), school_id=school, **raw) for p in pupils]
        con = flagged(house, roll, marks, settings, {})
        found = rows_of(con, f"from progress.status where pupil_id = 10 and term_no = {SUMMER} "
                             "and subject = 'maths'")  # fmt: skip
        assert found[0]["dropped"] is dropped


# the pupil's own target


@pytest.mark.parametrize(
    ("target", "target_term", "outcome", "off"),
    [
        ("GDS", "summer", "EXS", True),
        ("gds", None, "EXS", True),  # a target without a term is for the summer
        ("GDS", "autumn", "EXS", False),  # in another term it is shown and not judged
        ("EXS", None, "EXS", False),
        ("EXS", None, "BLW", True),
        ("excellent", None, "EXS", False),
    ],
)
def test_a_target_is_judged_in_its_own_term(
    told: Told, target: str, target_term: str | None, outcome: str, off: bool
) -> None:
    found = told([result(1, outcome, target=target, target_term=target_term)])
    assert found["off_target"] is off
    assert ("off_target" in found["flags"]) is off
    if off:
        assert found["status"] == "underachieving"


OPEN = """
scale = "open"
title = "Points without an end"
kind = "score"
assessment_kind = "test"
"""


@pytest.mark.parametrize(("target", "off"), [("61", True), ("60", False), ("inf", False)])
def test_a_target_is_a_number_that_can_be_reached(house: House, target: str, off: bool) -> None:
    sent = [result(1, "60", scale="open", assessment_kind="test", target=target)]
    expected = '[[paper]]\nscale = "open"\nexpected_score = 50\n'
    con = flagged(house, [enrolled(1)], sent, expected, {"open": OPEN})
    (found,) = rows_of(con, "from progress.status where subject = 'maths'")
    assert (found["attainment_status"], found["off_target"]) == ("at_expectation", off)


def test_how_sure_it_is_that_a_target_is_missed(told: Told) -> None:
    one, two = (told([result(1, o, target="GDS")])["flags"]["off_target"] for o in ("EXS", "WTS"))
    assert (one["certainty_band"], two["certainty_band"]) == ("borderline", "clear")
    test = result(1, "WTS", target="GDS", assessment_kind="test")
    agreed = told([result(1, "EXS", target="GDS"), test])["flags"]["off_target"]
    assert agreed["certainty_band"] == "clear"
    reliable = '[[paper]]\nscale = "standardised"\nreliability = 0.9\n'
    mark = told([score(1, 104, target="110")], reliable)["flags"]["off_target"]
    assert mark["certainty"] == pytest.approx(0.9225, abs=5e-5)  # Φ((110 − 103.6) ÷ 4.5)
    assert (mark["value"], mark["expected"], mark["baseline"]) == (104, 110, None)


# who is judged


@pytest.mark.parametrize(
    ("entry", "progress"),
    [(dt.date(2026, 1, 5), "not_known"), (dt.date(2026, 5, 1), "not_known"),
     (dt.date(2025, 12, 30), "too_little"), (None, "too_little")],
)  # fmt: skip
def test_in_the_first_two_terms_nobody_is_slow_or_drops(
    told: Told, entry: dt.date | None, progress: str
) -> None:
    results = levels(last_summer="5c", spring="5c", summer="3a")
    found = told(results, entry_date=entry)
    assert found["progress_status"] == progress
    assert bool(found["flags"]) is (progress == "too_little")


def test_a_target_counts_in_the_first_two_terms_too(told: Told) -> None:
    found = told([result(1, "EXS", target="GDS")], entry_date=dt.date(2026, 5, 1))
    assert (found["status"], found["new_to_school"]) == ("underachieving", True)


def test_where_attainment_cannot_be_compared_nothing_else_is_judged(told: Told) -> None:
    means = f'[[school]]\nurn = {MARROWBY}\nmeaning = {{ ta = "end_of_key_stage" }}\n'
    results = [result(1, "GDS", SPRING), result(1, "WTS", target="GDS")]
    found = told(results, means)
    assert (found["status"], found["progress_status"], found["flags"]) == (
        "not_comparable", "not_known", {},
    )  # fmt: skip


class OwnSteps:
    """A pupil whose school has asked for own steps."""

    @staticmethod
    def judged(told: Told, *outcomes: tuple[int, str], target: str | None = None) -> Row:
        results = [result(1, o, t, target=target) for t, o in outcomes]
        return told(results, expectation="own")


def test_own_steps_are_judged_by_small_steps(told: Told) -> None:
    kept = OwnSteps.judged(told, (LAST_SUMMER, "PK3"), (SPRING, "PK3"), (SUMMER, "PK3"))
    assert (kept["status"], kept["attainment_status"], kept["progress_status"]) == (
        "on_track", "not_comparable", "enough",
    )  # fmt: skip
    lower = OwnSteps.judged(told, (LAST_SUMMER, "PK4"), (SPRING, "PK3"), (SUMMER, "PK2"))
    assert (lower["status"], set(lower["flags"])) == ("underachieving", {"slow"})
    unknown = OwnSteps.judged(told, (SUMMER, "PK3"))
    assert unknown["status"] == "not_comparable"


def test_on_own_steps_an_outcome_under_the_whole_scale_is_lower_than_every_step(
    told: Told,
) -> None:
    fallen = OwnSteps.judged(told, (SPRING, "PK2"), (SUMMER, "BLW"))
    assert (fallen["status"], set(fallen["flags"])) == ("underachieving", {"drop"})
    flag = fallen["flags"]["drop"]
    assert (flag["value"], flag["baseline_term_no"], flag["certainty_band"]) == (
        None, SPRING, "clear",
    )  # fmt: skip
    by_one = OwnSteps.judged(told, (SPRING, "PK1"), (SUMMER, "EM"))
    assert (by_one["status"], by_one["flags"]) == ("not_comparable", {})
    slow = OwnSteps.judged(told, (LAST_SUMMER, "PK2"), (SPRING, "BLW"), (SUMMER, "BLW"))
    assert set(slow["flags"]) == {"slow"}


def test_staying_under_the_whole_scale_is_neither_enough_nor_too_little(told: Told) -> None:
    """How far under is not known: the pupil may have gained or lost."""
    for outcomes in (("BLW", "BLW", "BLW"), ("PK1", "BLW", "BLW"), ("BLW", "PK1", "BLW")):
        found = OwnSteps.judged(told, *zip((LAST_SUMMER, SPRING, SUMMER), outcomes, strict=True))
        assert (found["status"], found["progress_status"]) == ("not_comparable", "not_known")


def test_an_outcome_under_the_whole_scale_drops_like_any_other(told: Told) -> None:
    found = told([result(1, "WTS", SPRING), result(1, "BLW")])
    assert (found["attainment_status"], found["dropped"]) == ("below", True)
    assert found["flags"]["drop"]["certainty_band"] == "clear"


def test_own_steps_are_judged_by_the_pupils_own_target(told: Told) -> None:
    met = OwnSteps.judged(told, (SUMMER, "PK3"), target="PK3")
    missed = OwnSteps.judged(told, (SUMMER, "PK3"), target="PK4")
    assert (met["status"], missed["status"]) == ("on_track", "underachieving")
    assert set(missed["flags"]) == {"off_target"}


def test_a_ladder_that_climbs_asks_no_rise_of_a_pupil_on_own_steps(told: Told) -> None:
    found = told(levels(last_summer="1b", summer="1b"), expectation="own")
    assert (found["slow"], found["status"]) == (False, "on_track")


# thresholds are settings


def test_thresholds_are_settings(told: Told) -> None:
    one_step = levels(spring="3a", summer="3b")
    assert told(one_step, "noise_steps = 1")["dropped"]
    assert told(scores((SPRING, 110), (SUMMER, 100)), f"noise_factor = 1.7\n{KNOWN}")["dropped"]
    new = dt.date(2026, 5, 1)
    results = levels(spring="5c", summer="4c")
    assert told(results, "settling_terms = 0", entry_date=new)["dropped"]
    steps = garden((SPRING, "Bud"), (SUMMER, "Shoot"))
    assert told(steps, "few_outcomes = 4")["dropped"]


# the diagram


@pytest.mark.parametrize(
    ("basis", "region"), [("attainment", "maths"), ("progress", "reading"), ("both", "none")]
)
def test_a_ring_holds_what_its_basis_says(house: House, basis: str, region: str) -> None:
    settings = f'venn_subjects = ["maths", "reading"]\nvenn_basis = "{basis}"\n'
    roll = [enrolled(1, t, year_of(t)) for t in (LAST_SUMMER, SUMMER)]
    results = [
        result(1, outcome, term, subject=subject, scale="nc-level")
        for subject, outcomes in (("maths", ("5c", "3a")), ("reading", ("2b", "2a")))
        for term, outcome in zip((LAST_SUMMER, SUMMER), outcomes, strict=True)
    ]
    con = flagged(house, roll, results, settings, {})
    found = rows_of(con, f"select region from progress.venn where term_no = {SUMMER}")
    assert found == [{"region": region}]
