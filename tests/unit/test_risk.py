"""Risk: probabilities that come true whatever is missing, learnt from results only."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.optimize import minimize

from pipeline.errors import WrongUsage
from pipeline.progress.risk import (
    Bins,
    Joint,
    Model,
    Ranks,
    Risk,
    auc,
    cross_validated_risks,
    error_by_chance,
    fit_logistic,
    risks,
    school_folds,
)

SUMMER_2020 = 3 * 2019 + 2
LINE = 90.0


def cohorts(
    pupils: int = 300, years: int = 3, schools: int = 6, seed: int = 5, first_pupil: int = 0
) -> dict[str, list[Any]]:
    """Columns of two subjects: each year a cohort in Year 3, followed to Year 5, tested in summer.

    The first cohort is in Year 3 in the summer of 2020.
    """
    dice = np.random.default_rng(seed)
    told: dict[str, list[Any]] = {
        name: []
        for name in ("pupil_id", "school_id", "term_no", "year_group", "subject", "score", "below")
    }
    for cohort in range(years):
        ability = dice.normal(0, 12, pupils)
        for age in range(3):
            for subject in ("maths", "reading"):
                score = np.round(100 + ability + dice.normal(0, 7, pupils))
                told["pupil_id"] += [first_pupil + cohort * pupils + i for i in range(pupils)]
                told["school_id"] += [i % schools for i in range(pupils)]
                told["term_no"] += [SUMMER_2020 + 3 * (cohort + age)] * pupils
                told["year_group"] += [str(3 + age)] * pupils
                told["subject"] += [subject] * pupils
                told["score"] += score.tolist()
                told["below"] += (score < LINE).tolist()
    return told


def table(told: dict[str, list[Any]]) -> pa.Table:
    types = {"score": pa.float64(), "below": pa.bool_()}
    return pa.table({name: pa.array(v, types.get(name)) for name, v in told.items()})


def told_by(found: pa.Table) -> dict[tuple[int, str], float | None]:
    keys = zip(found["pupil_id"].to_pylist(), found["subject"].to_pylist(), strict=True)
    return dict(zip(keys, found["risk"].to_pylist(), strict=True))


NOW = SUMMER_2020 + 6  # the third cohort is in Year 3, the second in Year 4


def simulated(pupils: int, seed: int, gaps: float = 0.0) -> tuple[Any, Any, Any, Any]:
    """Four results a pupil, true probability of being below, outcome, school."""
    dice = np.random.default_rng(seed)
    ability = dice.normal(0, 1, pupils)
    results = ability[:, None] + dice.normal(0, 0.6, (pupils, 4))
    # With flat priors on the weights the true law is: ability given results, and a logistic on it.
    chance = 1 / (1 + np.exp(1.2 + results @ np.array([1.0, 0.6, 0.4, 0.2])))
    below = (dice.random(pupils) < chance).astype(float)
    results[dice.random(results.shape) < gaps] = np.nan
    kept = ~np.isnan(results).all(axis=1)
    schools = np.arange(pupils) % 20
    return results[kept], chance[kept], below[kept], schools[kept]


def one_scale(results: Any) -> Any:
    return np.zeros(results.shape, dtype=int)


def test_known_probabilities_are_found_again() -> None:
    results, _, below, schools = simulated(4_000, 1)
    model = Model.of(results, one_scale(results), below, schools)
    fresh, chance, _, _ = simulated(4_000, 2)
    found = model.risk(fresh, one_scale(fresh))
    assert np.abs(found - chance).mean() < 0.015
    assert np.abs(found - chance).max() < 0.15


@pytest.mark.parametrize("gaps", [0.2, 0.6])
def test_what_is_said_comes_true_with_results_missing(gaps: float) -> None:
    """Of all pupils, and of those with many and few results by themselves."""
    results, _, below, schools = simulated(6_000, 3, gaps)
    model = Model.of(results, one_scale(results), below, schools)
    fresh, _, outcome, _ = simulated(30_000, 4, gaps)
    found = model.risk(fresh, one_scale(fresh))
    assert Bins.of(found, outcome).error < 0.02
    seen = (~np.isnan(fresh)).sum(axis=1)
    for how_many in range(1, 5):
        these = seen == how_many
        if these.sum() > 2_000:
            assert Bins.of(found[these], outcome[these]).error < 0.03


def test_fewer_results_make_a_less_certain_risk() -> None:
    results, _, below, schools = simulated(6_000, 3, 0.3)
    model = Model.of(results, one_scale(results), below, schools)
    all_low = np.full((1, 4), -2.0)
    one_low = np.array([[-2.0, np.nan, np.nan, np.nan]])
    one_high = np.array([[2.0, np.nan, np.nan, np.nan]])
    low, less_low, high = (
        float(model.risk(r, one_scale(r))[0]) for r in (all_low, one_low, one_high)
    )
    assert high < 0.2 < less_low < low


def test_a_ladder_of_four_outcomes_is_learnt_too() -> None:
    results, _, below, schools = simulated(4_000, 8)
    rungs = np.digitize(results, [-1.2, -0.4, 0.9]).astype(float)
    model = Model.of(rungs, one_scale(rungs), below, schools)
    fresh, _, outcome, _ = simulated(30_000, 9)
    fresh = np.digitize(fresh, [-1.2, -0.4, 0.9]).astype(float)
    found = model.risk(fresh, one_scale(fresh))
    assert Bins.of(found, outcome).error < 0.02
    assert auc(found, outcome) > auc(-fresh[:, 0], outcome) + 0.02


def test_pupils_told_apart_without_fault_have_finite_risks() -> None:
    results, _, _, schools = simulated(300, 5)
    below = (results[:, 0] < -0.5).astype(float)
    model = Model.of(results, one_scale(results), below, schools)
    assert np.isfinite(model.weights).all()
    found = model.risk(results, one_scale(results))
    assert found.min() >= 1 / 302
    assert found.max() <= 301 / 302
    assert auc(found, below) > 0.98


def test_results_scattered_thinly_make_a_model_all_the_same() -> None:
    """No column has thirty results; the fullest one is used."""
    results, _, below, schools = simulated(200, 13)
    thin = np.full((200, 12), np.nan)
    thin[np.arange(200), np.arange(200) % 12] = results[:, 0]
    found = Model.of(thin, one_scale(thin), below, schools).risk(thin, one_scale(thin))
    assert np.isfinite(found).all()


def test_results_that_tell_nothing_give_everybody_the_same_risk() -> None:
    dice = np.random.default_rng(6)
    results, below = dice.normal(size=(800, 3)), (dice.random(800) < 0.3).astype(float)
    model = Model.of(results, one_scale(results), below, np.arange(800) % 8)
    found = model.risk(results, one_scale(results))
    assert found.mean() == pytest.approx(below.mean(), abs=0.02)
    assert found.std() < 0.06


def test_the_regression_is_the_most_likely_one() -> None:
    dice = np.random.default_rng(7)
    design = np.c_[np.ones(200), dice.normal(size=(200, 2))]
    below = (dice.random(200) < 1 / (1 + np.exp(-design @ [0.5, 1, -1]))).astype(float)
    penalty, towards = np.array([0.0, 2.0, 5.0]), np.array([0.0, 1.0, 0.0])

    def depth(at: Any) -> float:
        line = design @ at
        return float(
            np.sum(np.logaddexp(0, line) - below * line) + np.sum(penalty * (at - towards) ** 2) / 2
        )

    theirs = minimize(depth, towards, tol=1e-12).x
    assert fit_logistic(design, below, penalty, towards) == pytest.approx(theirs, abs=1e-4)


def test_a_model_is_fitted_where_two_columns_say_the_same_beyond_the_last_digit() -> None:
    below = np.arange(40) % 4 == 0
    same = np.linspace(-1e12, 1e12, 40)
    design = np.column_stack([np.ones(40), np.zeros(40), same, same])
    held = np.array([0.0, 1.0, 1.0, 1.0])
    found = fit_logistic(design, below.astype(float), held, np.array([0.0, 1.0, 0.0, 0.0]))
    told = 1 / (1 + np.exp(-design @ found))
    assert told.mean() == pytest.approx(0.25, abs=1e-4)


def test_the_joint_law_is_found_through_gaps() -> None:
    dice = np.random.default_rng(8)
    covariance = np.array([[1.0, 0.7, 0.5], [0.7, 1.0, 0.6], [0.5, 0.6, 1.0]])
    values = dice.multivariate_normal([0.0, 0.2, -0.1], covariance, 20_000)
    # The second result is missing the more often the lower the first: random, given the first.
    values[dice.random(20_000) < 1 / (1 + np.exp(2 * values[:, 0])), 1] = np.nan
    joint = Joint.of(values)
    assert joint.mean == pytest.approx(np.array([0.0, 0.2, -0.1]), abs=0.03)
    assert joint.covariance == pytest.approx(covariance, abs=0.04)
    filled = joint.filled(np.array([[1.0, np.nan, np.nan], [np.nan, 1.0, 0.5]]))
    slope = joint.covariance[1, 0] / joint.covariance[0, 0]
    assert filled.values[0, 1] == pytest.approx(joint.mean[1] + slope * (1 - joint.mean[0]))
    assert filled.values[1, 1:] == pytest.approx(np.array([1.0, 0.5]))


def test_a_result_stands_by_its_rank_on_its_own_scale() -> None:
    scores = np.array([[float(i)] for i in range(40)] + [[1000.0 + i] for i in range(40)])
    scales = np.array([[0]] * 40 + [[1]] * 40)
    found = Ranks.of(scores, scales, 30).normal_scores(scores, scales)
    assert found[:40] == pytest.approx(found[40:])
    assert found.mean() == pytest.approx(0, abs=1e-9)
    few = Ranks.of(scores[:50], scales[:50], 30).normal_scores(scores, scales)
    assert np.isnan(few[40:]).all()


def test_the_area_and_the_bins_are_as_counted_by_hand() -> None:
    risk = np.array([0.05, 0.15, 0.15, 0.72, 0.78, 1.0])
    below = np.array([0, 0, 1, 1, 0, 1])
    # 9 pairs: below with .15 beats .05, ties .15, loses to .78; .72 beats two; 1.0 beats three.
    assert auc(risk, below) == pytest.approx((1.5 + 2 + 3) / 9)
    bins = Bins.of(risk, below)
    assert bins.pupils.tolist() == [1, 2, 0, 0, 0, 0, 0, 2, 0, 1]
    assert bins.below.tolist() == [0, 1, 0, 0, 0, 0, 0, 1, 0, 1]
    assert bins.predicted[7] == pytest.approx(0.75)
    assert bins.error == pytest.approx((0.05 + 0.7 + 0.5 + 0) / 6)
    assert np.isnan(auc(risk, np.ones(6)))
    assert np.isnan(Bins.of(np.empty(0), np.empty(0)).error)


def test_chance_alone_shows_the_error_of_a_perfect_model() -> None:
    dice = np.random.default_rng(9)
    risk = dice.random(2_000)
    errors = [Bins.of(risk, dice.random(2_000) < risk).error for _ in range(300)]
    assert error_by_chance(risk) == pytest.approx(np.mean(errors), rel=0.05)


def test_a_school_is_in_one_fold_and_folds_are_alike() -> None:
    dice = np.random.default_rng(10)
    schools = np.repeat(np.arange(40), dice.integers(5, 60, 40))
    fold = school_folds(schools, 5)
    assert all(len(set(fold[schools == s])) == 1 for s in range(40))
    pupils = np.bincount(fold)
    assert pupils.max() < 1.1 * pupils.min()
    assert set(school_folds(np.array([1, 1, 2]), 5)) == {0, 1}


def test_each_pupil_of_the_term_is_told_a_risk_or_a_reason() -> None:
    found = risks(table(cohorts()), NOW)
    # as the warehouse gives columns of few words
    words = table(cohorts())
    for name in ("year_group", "subject"):
        at = words.column_names.index(name)
        words = words.set_column(at, name, words[name].dictionary_encode())
    assert risks(words, NOW).equals(found)
    assert len(found) == 3 * 300 * 2
    reason = dict(zip(told_by(found), found["reason"].to_pylist(), strict=True))
    risk = told_by(found)
    # Years 3 and 4 have earlier pupils who were followed; nobody was followed beyond Year 5.
    for pupil, expected in ((0, "too_few_pupils"), (300, None), (600, None)):
        assert reason[pupil, "maths"] == expected
        assert (risk[pupil, "maths"] is None) == (expected is not None)


def test_risks_are_as_they_would_have_been_said_then() -> None:
    told = cohorts()
    later = table(told)
    then = later.filter(pa.compute.less_equal(later["term_no"], NOW))
    assert told_by(risks(later, NOW)) == told_by(risks(then, NOW))


def test_the_order_of_rows_changes_nothing() -> None:
    rows = table(cohorts(pupils=220))
    mixed = rows.take(pa.array(np.random.default_rng(11).permutation(len(rows))))
    assert told_by(risks(rows, NOW)) == told_by(risks(mixed, NOW))
    how = Risk(folds=3)
    one, other = (told_by(cross_validated_risks(t, NOW - 3, how)) for t in (rows, mixed))
    assert one == other


def test_sex_ethnicity_and_disadvantage_are_not_looked_at() -> None:
    rows = table(cohorts(pupils=220))
    dice = np.random.default_rng(12)
    for column in ("sex", "ethnicity", "pupil_premium", "fsm6", "eal", "sen"):
        rows = rows.append_column(column, pa.array(dice.integers(0, 2, len(rows))))
    other = rows
    for column in ("sex", "ethnicity", "pupil_premium", "fsm6", "eal", "sen"):
        at = other.column_names.index(column)
        other = other.set_column(at, column, pa.array(1 - other[column].to_numpy()))
    assert told_by(risks(rows, NOW)) == told_by(risks(other, NOW))


def test_tested_pupils_are_told_nothing_by_their_own_school() -> None:
    """Turning over every outcome of a school moves no figure that its own pupils were tested by."""
    told = cohorts()
    before = cross_validated_risks(table(told), NOW - 3)
    turned = [
        not b if s == 2 and g == "5" else b
        for b, s, g in zip(told["below"], told["school_id"], told["year_group"], strict=True)
    ]
    after = cross_validated_risks(table({**told, "below": turned}), NOW - 3)
    school = dict(zip(told_by(before), before["school_id"].to_pylist(), strict=True))
    one, other = told_by(before), told_by(after)
    assert all(one[key] == other[key] for key in one if school[key] == 2)
    assert any(one[key] != other[key] for key in one if school[key] != 2)
    folds = zip(before["school_id"].to_pylist(), before["fold"].to_pylist(), strict=True)
    assert len(set(folds)) >= 6


def test_earlier_years_test_where_there_are_enough_else_other_schools() -> None:
    found = cross_validated_risks(table(cohorts()), NOW)
    how = set(zip(found["year_group"].to_pylist(), found["tested_on"].to_pylist(), strict=True))
    assert how == {("3", "earlier_years"), ("4", "earlier_years")}
    first = cross_validated_risks(table(cohorts()), SUMMER_2020)
    assert set(first["tested_on"].to_pylist()) == {"other_schools"}
    assert None not in first["risk"].to_pylist()
    below = np.array(first["below_next"].to_pylist(), float)
    assert auc(np.array(first["risk"].to_pylist()), below) > 0.75


def test_an_outcome_too_low_for_points_is_under_all_others_and_no_gap() -> None:
    told = cohorts()
    now = [t == NOW and p == 600 for t, p in zip(told["term_no"], told["pupil_id"], strict=True)]
    lowest = {**told, "score": [0.0 if n else s for n, s in zip(now, told["score"], strict=True)]}
    lowest["below"] = [True if n else b for n, b in zip(now, told["below"], strict=True)]
    too_low = {
        **lowest,
        "score": [None if n else s for n, s in zip(now, told["score"], strict=True)],
    }
    assert told_by(risks(table(too_low), NOW)) == told_by(risks(table(lowest), NOW))


def test_a_pupil_without_a_result_in_the_subject_is_not_known() -> None:
    told = cohorts()
    mine = [
        p == 600 and s == "maths" for p, s in zip(told["pupil_id"], told["subject"], strict=True)
    ]
    for name in ("score", "below"):
        told[name] = [None if m else v for m, v in zip(mine, told[name], strict=True)]
    found = risks(table(told), NOW)
    assert told_by(found)[600, "maths"] is None
    at = list(told_by(found)).index((600, "maths"))
    assert found["reason"][at].as_py() == "no_result"
    assert told_by(found)[600, "reading"] is not None


def test_earlier_pupils_on_another_scale_do_not_count() -> None:
    told = cohorts()
    now = [t == NOW for t in told["term_no"]]
    told["scale"] = ["new" if n else "old" for n in now]
    assert set(risks(table(told), NOW)["reason"].to_pylist()) == {"too_few_pupils"}
    assert None in set(
        risks(table({**told, "scale": ["old"] * len(now)}), NOW)["reason"].to_pylist()
    )


@pytest.mark.parametrize(
    ("told", "reasons"),
    [
        (cohorts(pupils=150), {"too_few_pupils"}),
        (cohorts(schools=2), {"too_few_pupils"}),
        ({**cohorts(), "below": [True] * len(cohorts()["below"])}, {"too_few_pupils"}),
        ({**cohorts(), "below": [False] * len(cohorts()["below"])}, {"too_few_pupils"}),
        (
            {name: [None if name in ("score", "below") else v for v in column]
             for name, column in cohorts().items()},
            {"no_result"},
        ),
        ({name: column[:1] for name, column in cohorts().items()}, set()),
        ({name: [] for name in cohorts()}, set()),
    ],
    ids=["few", "two schools", "all below", "none below", "all missing", "one row", "no row"],
)  # fmt: skip
def test_where_nothing_can_be_learnt_nothing_is_told(told: Any, reasons: set[str]) -> None:
    types = {
        "pupil_id": pa.int64(), "school_id": pa.int64(), "term_no": pa.int64(),
        "year_group": pa.string(), "subject": pa.string(), "score": pa.float64(),
        "below": pa.bool_(),
    }  # fmt: skip
    rows = pa.table({name: pa.array(v, types[name]) for name, v in told.items()})
    found = risks(rows, NOW, Risk(least_pupils=400))
    assert set(found["risk"].to_pylist()) <= {None}
    assert set(found["reason"].to_pylist()) == reasons
    assert set(cross_validated_risks(rows, NOW, Risk(least_pupils=400))["risk"].to_pylist()) <= {
        None
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.drop_columns("below"), "no column 'below'"),
        (lambda t: t.set_column(5, "score", t["subject"]), "'score' is not a number"),
        (lambda t: t.set_column(6, "below", t["score"]), "'below' is not true or false"),
        (lambda t: t.set_column(3, "year_group", t["subject"]), "'year_group' is not all whole"),
        (lambda t: t.set_column(2, "term_no", t["score"]), "'term_no' is not all whole"),
        (
            lambda t: t.set_column(0, "pupil_id", pa.nulls(len(t), pa.int64())),
            "'pupil_id' is empty in 5400 rows",
        ),
        (lambda t: pa.concat_tables([t, t.slice(0, 2)]), "2 rows are of a pupil"),
    ],
    ids=["column", "score", "below", "year group", "term", "pupil", "twice"],
)
def test_a_table_that_is_not_so_is_refused_in_words(change: Any, words: str) -> None:
    with pytest.raises(WrongUsage, match=words):
        risks(change(table(cohorts())), NOW)


def test_limits_that_cannot_be_are_refused() -> None:
    with pytest.raises(WrongUsage, match="'least_schools' or 'folds' is under 2"):
        Risk(least_schools=1)
    with pytest.raises(WrongUsage, match="'years_back' is under 0"):
        Risk(years_back=-1)
