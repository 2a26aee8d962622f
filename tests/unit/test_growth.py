"""Growth percentiles: exact regressions, fair percentiles, and plain words where there are none."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.interpolate import BSpline
from scipy.optimize import linprog

from pipeline.errors import WrongUsage
from pipeline.progress.growth import (
    QUANTILES,
    Cohort,
    Design,
    Growth,
    Model,
    Spline,
    cohort_percentiles,
    fit_quantiles,
    growth_percentiles,
    quantile_loss,
)
from pipeline.progress.growth.norm import Histories
from pipeline.progress.growth.numbered import different

SEM = 5.0


def simulated(pupils: int, seed: int = 7, years: int = 4) -> tuple[Any, Any]:
    """True and tested scores, occasions × pupils, of pupils who keep much of their place."""
    dice = np.random.default_rng(seed)
    true = [dice.normal(100, 14, pupils)]
    for _ in range(years - 1):
        true.append(100 + 0.9 * (true[-1] - 100) + dice.normal(0, 14 * 0.19**0.5, pupils))
    tested = [np.round(t + dice.normal(0, SEM, pupils)) for t in true]
    return np.array(true), np.array(tested)


def table(scores: Any, first_pupil: int = 1) -> pa.Table:
    """Results of years 1, 2, … in Years 1, 2, …; NaN is a year without a result."""
    years, pupils = scores.shape
    told = np.arange(first_pupil, first_pupil + pupils)
    return pa.table({
        "pupil_id": np.tile(told, years),
        "year": np.repeat(np.arange(1, years + 1), pupils),
        "year_group": np.repeat(np.arange(1, years + 1), pupils),
        "score": scores.ravel().astype(float),
    })  # fmt: skip


def percentiles(scores: Any, **how: Any) -> dict[str, Any]:
    """The last year's columns."""
    found = growth_percentiles(table(scores), len(scores), Growth(**how))
    return {name: np.array(found.column(name).to_pylist()) for name in found.column_names}


def least_loss(design: Any, outcome: Any, quantile: float) -> float:
    """The least quantile loss there is, by linear programming (HiGHS)."""
    pupils, columns = design.shape
    cost = np.r_[np.zeros(2 * columns), np.full(pupils, quantile), np.full(pupils, 1 - quantile)]
    rows = np.hstack([design, -design, np.eye(pupils), -np.eye(pupils)])
    return float(linprog(cost, A_eq=rows, b_eq=outcome, method="highs").fun)


@pytest.mark.parametrize(
    ("pupils", "priors", "rounded_to"), [(400, 3, 1.0), (400, 1, 10.0), (1500, 2, 1.0)]
)
def test_the_loss_is_the_least_there_is(pupils: int, priors: int, rounded_to: float) -> None:
    """Within 1e-8 of linear programming, relative; with ties as well."""
    scores = np.round(simulated(pupils)[1] / rounded_to) * rounded_to
    before, now = scores[-1 - priors : -1].T, scores[-1]
    design = Design.of(tuple(Spline.of(before[:, k]) for k in range(priors)), before)
    matrix = design.matrix(before)
    found = fit_quantiles(matrix, now, QUANTILES)
    for at in (0, 9, 49, 74, 98) if pupils < 1000 else (9, 74):
        ours = quantile_loss(matrix, now, found[at], QUANTILES[at])
        least = least_loss(matrix, now, QUANTILES[at])
        assert ours == pytest.approx(least, rel=1e-8)


def test_of_many_pupils_each_quantile_leaves_its_share_below() -> None:
    """Where those far from the line are summed into a row (here from 1,429 pupils on)."""
    scores = simulated(6_000)[1] + np.random.default_rng(1).uniform(-0.5, 0.5, (4, 6_000))
    before, now = scores[:-1].T, scores[-1]
    design = Design.of(tuple(Spline.of(before[:, k]) for k in range(3)), before)
    matrix = design.matrix(before)
    found = fit_quantiles(matrix, now, QUANTILES)
    below = (now[:, None] < matrix @ found.T).sum(axis=0)
    assert np.abs(below - 6_000 * QUANTILES).max() <= matrix.shape[1]


def test_the_basis_is_that_of_scipy() -> None:
    spline = Spline((20.0, 50.0, 70.0), (0.0, 100.0))
    at = np.linspace(0, 99.9, 50)
    knots = [0.0] * 4 + [20.0, 50.0, 70.0] + [100.0] * 4
    theirs = BSpline.design_matrix(at, knots, 3).toarray()[:, 1:]
    assert spline.columns(at) == pytest.approx(theirs)
    assert spline.columns(np.array([-5.0, 105.0])) == pytest.approx(
        spline.columns(np.array([0.0, 100.0]))
    )


def test_percentiles_are_spread_evenly_whatever_the_earlier_scores() -> None:
    scores = simulated(2_000)[1]
    found = percentiles(scores)
    assert set(found["priors"]) == {"1,2,3"}
    assert set(found["pupils"]) == {2_000}
    shares = np.histogram(found["percentile"], bins=np.arange(0, 101, 10))[0] / 2_000
    assert np.abs(shares - 0.1).max() < 0.015
    for third in np.array_split(np.argsort(scores[2]), 3):
        assert found["percentile"][third].mean() == pytest.approx(50, abs=1.5)


def test_a_higher_score_never_has_a_lower_percentile() -> None:
    scores = simulated(600)[1]
    model = Model.of((Spline.of(scores[2]),), scores[2][:, None], scores[3])
    quantiles = model.quantiles(np.array([[85.0], [100.0], [115.0]]))
    assert (np.diff(quantiles, axis=1) >= 0).all()


def test_quantiles_follow_a_known_law() -> None:
    """Score = earlier score + noise of a spread of 8, so every quantile is known."""
    dice = np.random.default_rng(3)
    before = dice.uniform(80, 120, 16_000)
    now = before + dice.normal(0, 8, 16_000)
    model = Model.of((Spline.of(before),), before[:, None], now)
    found = model.quantiles(np.array([[90.0], [100.0], [110.0]]))[:, [9, 49, 89]]
    known = np.array([90.0, 100.0, 110.0])[:, None] + 8 * np.array([-1.2816, 0, 1.2816])
    assert np.abs(found - known).max() < 1  # about three standard errors


def test_a_pupil_without_some_earlier_years_is_compared_by_those_there_are() -> None:
    scores = simulated(900)[1]
    scores[1, :80] = np.nan
    scores[:3, 80:90] = np.nan
    scores[3, 90:95] = np.nan
    found = percentiles(scores)
    assert set(found["priors"][:80]) == {"1,3"}
    assert set(found["pupils"][:80]) == {885}  # all who have them, with whatever else
    assert list(found["reason"][80:95]) == ["no_earlier_score"] * 10 + ["no_score"] * 5
    assert found["percentile"][80:95].tolist() == [None] * 15
    assert set(found["reason"][95:]) == {None}


def test_with_few_pupils_the_oldest_scores_are_left_out_and_under_200_there_is_no_percentile() -> (
    None
):
    for pupils, priors, reason in (
        (440, "1,2,3", None), (300, "1,2", None), (200, "1", None), (199, None, "too_few_pupils"),
    ):  # fmt: skip
        found = percentiles(simulated(pupils)[1])
        assert (set(found["priors"]), set(found["reason"])) == ({priors}, {reason})


def test_one_occasion_or_all_equal_scores_give_a_reason_and_no_percentile() -> None:
    scores = simulated(300)[1]
    assert set(percentiles(scores[3:])["reason"]) == {"no_earlier_score"}
    scores[3] = 100
    assert set(percentiles(scores)["reason"]) == {"no_spread"}
    same_before = np.array([np.full(300, 100.0), simulated(300)[1][3]])
    assert set(percentiles(same_before)["reason"]) == {"no_spread"}
    empty = growth_percentiles(table(scores).slice(0, 0))
    assert empty.num_rows == 0


def test_an_earlier_year_in_which_all_scored_the_same_is_left_out() -> None:
    scores = simulated(600)[1]
    scores[2] = 100
    assert set(percentiles(scores)["priors"]) == {"2,3"}


def test_tied_scores_share_a_percentile_and_the_middle_of_their_range() -> None:
    scores = np.round(simulated(2_000)[1] / 20) * 20
    found = percentiles(scores, priors=1)
    for before in np.unique(scores[2]):
        here = scores[2] == before
        for now in np.unique(scores[3][here]):
            assert len(set(found["percentile"][here & (scores[3] == now)])) == 1
    assert found["percentile"].mean() == pytest.approx(50, abs=2)


def test_the_interval_holds_the_place_of_the_scores_without_their_error() -> None:
    """19 times in 20, on the lines that were fitted."""
    true, tested = simulated(3_000)
    errors = {(y, y): SEM for y in range(1, 5)}
    found = growth_percentiles(table(tested), 4, Growth(), errors)
    before = tested[2::-1].T
    splines = tuple(Spline.of(before[:, k]) for k in range(3))
    model = Model.of(splines, before, tested[3])
    place = (model.quantiles(true[2::-1].T) < true[3][:, None]).sum(axis=1)
    lower, upper = (np.array(found.column(c).to_pylist()) for c in ("lower", "upper"))
    held = ((lower <= np.clip(place + 1, 1, 99)) & (np.clip(place, 1, 99) <= upper)).mean()
    assert held == pytest.approx(0.95, abs=0.015)
    assert (lower <= found.column("percentile").to_numpy()).all()


def test_without_the_standard_error_of_every_score_used_there_is_no_interval() -> None:
    errors = {(y, y): SEM for y in range(2, 5)}
    tested = simulated(500)[1]
    tested[0, :40] = np.nan
    found = growth_percentiles(table(tested), 4, Growth(), errors)
    lower = found.column("lower").to_pylist()
    assert None not in lower[:40]
    assert lower[40:] == [None] * 460


@pytest.mark.slow
def test_error_in_earlier_scores_favours_able_pupils_and_simex_takes_most_of_it_out() -> None:
    true, tested = simulated(4_000)
    errors = {(y, y): SEM for y in range(1, 5)}
    able = np.argsort(true[2])[-1_000:]
    bias = []
    for rounds in (0, 3):
        found = growth_percentiles(table(tested), 4, Growth(simex_rounds=rounds), errors)
        percentile = found.column("percentile").to_numpy()
        bias.append(percentile[able].mean() - percentile[np.argsort(true[2])[:1_000]].mean())
        assert percentile.mean() == pytest.approx(50, abs=0.6)
    assert bias[0] > 5
    assert abs(bias[1]) < 0.6 * bias[0]


def test_year_groups_may_be_named_and_a_repeated_year_is_no_earlier_score() -> None:
    told = table(simulated(300, years=2)[1])
    named = told.set_column(
        2, "year_group", pa.array(["R" if g == 1 else "1" for g in told["year_group"].to_pylist()])
    )
    found = growth_percentiles(named, 2)
    assert set(found.column("priors").to_pylist()) == {"1"}
    as_words = named.set_column(2, "year_group", named["year_group"].dictionary_encode())
    assert growth_percentiles(as_words, 2).to_pylist() == found.to_pylist()
    groups = told["year_group"].to_numpy().copy()
    groups[:10] = 2
    repeated = growth_percentiles(told.set_column(2, "year_group", pa.array(groups)), 2)
    assert repeated.column("reason").to_pylist()[:10] == ["no_earlier_score"] * 10


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda t: t.drop_columns(["year", "score"]), "no column 'year', 'score'"),
        (lambda t: pa.concat_tables([t, t.slice(0, 3)]), "3 rows are of a pupil and year"),
        (lambda t: t.set_column(1, "year", pa.array(["2025"] * t.num_rows)), "'year' is not all"),
        (lambda t: t.set_column(2, "year_group", pa.array(["Y3"] * t.num_rows)), "N1, N2, R"),
        (lambda t: t.set_column(1, "year", pa.nulls(t.num_rows, pa.int64())), "'year' is empty"),
    ],
)
def test_a_wrong_table_is_told_in_words(change: Any, fault: str) -> None:
    with pytest.raises(WrongUsage, match=fault):
        growth_percentiles(change(table(simulated(20)[1])))


@pytest.mark.parametrize(
    "wrong",
    [{"priors": 0}, {"knots": (0.2, 1.2)}, {"least_pupils": 0}, {"boundaries": {(1, 1): (9, 9)}}],
)
def test_wrong_settings_are_told_in_words(wrong: Any) -> None:
    with pytest.raises(WrongUsage, match=r"growth: "):
        Growth(**wrong)


def test_the_same_results_give_the_same_percentiles_and_in_any_order() -> None:
    told = table(simulated(500)[1])
    again = told.take(pa.array(np.random.default_rng(5).permutation(told.num_rows)))
    found, shuffled = (
        growth_percentiles(t, 4).sort_by("pupil_id").column("percentile").to_pylist()
        for t in (told, again)
    )
    assert found == shuffled


def test_fewer_fitted_percentiles_and_a_thinned_norm_say_nearly_the_same() -> None:
    _, tested = simulated(3_000)
    errors = {(year, year): SEM for year in range(1, 5)}

    def last_year(**how: Any) -> tuple[Any, Any]:
        found = growth_percentiles(table(tested), 4, Growth(**how), errors).sort_by("pupil_id")
        return np.array(found.column("percentile")), np.array(found.column("upper"))

    whole, whole_upper = last_year()
    fitted = (*range(1, 11), *range(15, 51, 5))
    few, few_upper = last_year(fitted=fitted)
    low = whole < 10
    assert low.sum() > 200
    # Fewer lines cross in other places, which the rearrangement then sorts.
    assert np.abs(few - whole)[low].max() <= 1 and np.mean(few[low] == whole[low]) > 0.95
    assert few[~low].min() >= 8
    to_the_middle = low & (whole_upper < 50)
    wider = (few_upper - whole_upper)[to_the_middle]
    assert wider.min() >= -1 and wider.max() <= 5
    thinned, _ = last_year(most_pupils=2_000)
    assert np.abs(thinned - whole)[low].mean() < 1.5


@pytest.mark.parametrize("coarse", [5, 10, 20, 40, 60])
def test_with_few_fitted_percentiles_nobody_is_low_because_many_scored_the_same(
    coarse: int,
) -> None:
    scores = np.round(simulated(3_000)[1] / coarse) * coarse
    whole = percentiles(scores, priors=1)["percentile"]
    few = percentiles(scores, priors=1, fitted=(*range(1, 11), *range(15, 51, 5)))["percentile"]
    # Where equal scores end is known to 5 percentiles, their middle to half of that.
    assert whole[few < 10].max() <= 11
    assert few[whole <= 7].max() < 10


def test_coarse_scores_of_many_pupils_are_fitted_as_well_as_linear_programming_does() -> None:
    _, tested = simulated(3_000)
    scores = np.round(tested / 20) * 20
    design = Design.of((Spline.of(scores[2]),), scores[2:3].T).matrix(scores[2:3].T)
    quantiles = np.array([0.05, 0.3, 0.5, 0.7, 0.95])
    fitted = fit_quantiles(design, scores[3], quantiles)
    for quantile, found in zip(quantiles, fitted, strict=True):
        least = least_loss(design, scores[3], quantile)
        assert quantile_loss(design, scores[3], found, quantile) <= least * (1 + 1e-8)


def test_only_those_asked_for_are_answered_and_all_make_the_norm() -> None:
    scores = simulated(400)[1]
    told = table(scores)
    asked = np.array(told.column("pupil_id")) % 5 == 0
    some = growth_percentiles(told.append_column("asked", pa.array(asked)), 4).sort_by("pupil_id")
    whole = growth_percentiles(told, 4).sort_by("pupil_id")
    chosen = whole.filter(pa.array(np.array(whole.column("pupil_id")) % 5 == 0))
    assert some.equals(chosen) and some.num_rows == len(chosen)


def cohort(scores: Any, asked: Any = None) -> Cohort:
    """The last year's pupils, with the earlier scores beside the last; NaN is none."""
    pupils = scores.shape[1]
    every = np.ones(pupils, dtype=bool)
    return Cohort(
        year=len(scores),
        year_group=len(scores),
        rows=np.arange(pupils),
        scores=scores[-1],
        priors=scores[-2::-1].T,
        asked=every if asked is None else asked,
    )


def test_a_cohort_by_itself_is_answered_as_it_is_in_a_table() -> None:
    scores = simulated(1_200)[1]
    scores[2, :150] = np.nan
    scores[0, 100:400] = np.nan
    scores[3, 5:25] = np.nan
    errors = {(year, year): SEM for year in range(1, 5)}
    how = Growth(most_pupils=500, fitted=(*range(1, 11), 20, 35, 50), interval_under=10)
    asked = np.arange(1_200) % 3 == 0
    told = table(scores)
    told = told.append_column("asked", pa.array(np.tile(asked, 4)))
    whole = growth_percentiles(told, 4, how, errors)
    alone = cohort_percentiles(cohort(scores, asked), how, errors)
    assert alone["rows"].tolist() == np.flatnonzero(asked).tolist()
    for name in ("percentile", "lower", "upper", "priors", "pupils", "reason"):
        of_alone = pa.array(alone[name], whole.column(name).type, from_pandas=True)
        assert of_alone.to_pylist() == whole.column(name).to_pylist()
    assert {"1,2,3", "2,3", "1,2"} <= set(alone["priors"])


@pytest.mark.parametrize("unit", [1.0, 0.37, 1e7])
def test_a_norm_of_many_is_spread_over_its_scores_in_whatever_order_and_unit(unit: float) -> None:
    """The third unit is too coarse for a table of values, and its rows are still in order."""
    scores = simulated(2_000)[1] * unit
    scores[1, :100] = np.nan
    shuffled = np.random.default_rng(2).permutation(2_000)
    norm = Histories(cohort(scores), 300).norm((0, 1))
    again = Histories(cohort(scores[:, shuffled]), 300).norm((0, 1))
    assert (norm.scores == again.scores).all() and (norm.priors == again.priors).all()
    rows = np.column_stack([scores[3], scores[2], scores[1]])[100:]
    rising = rows[np.lexsort(rows.T[::-1])]
    chosen = rising[np.linspace(0, 1_899, 300).round().astype(int)]
    assert (np.column_stack([norm.scores, norm.priors]) == chosen).all()


def test_scores_too_different_for_one_number_a_row_are_sorted_all_the_same() -> None:
    scores = np.random.default_rng(4).normal(0, 1, (5, 9_000))
    norm = Histories(cohort(scores), 100).norm((0, 1, 2, 3))
    assert len(np.unique(scores[0])) ** 5 >= 2**62
    first = np.sort(scores[4])[np.linspace(0, 8_999, 100).round().astype(int)]
    assert (norm.scores == first).all()
    row = {score: earlier for score, *earlier in scores[::-1].T.tolist()}
    assert norm.priors.tolist() == [row[score] for score in norm.scores.tolist()]


@pytest.mark.parametrize(
    "scores", [[3.0, 1.0, 3.0], [0.5, 1.5, 0.5], [0.1, 7.25, 0.1], [0.0, 1e12, 5.0], [2.0]]
)
def test_scores_are_numbered_by_their_values(scores: list[float]) -> None:
    values, number = different(np.array(scores))
    assert values[number].tolist() == scores and (np.diff(values) > 0).all()
    values, number = different(np.array([np.nan, *scores]))
    assert values[number][1:].tolist() == scores
    assert different(np.array([np.nan]))[1].tolist() == [0]


def test_lines_looked_up_are_those_of_the_design() -> None:
    scores = simulated(800)[1]
    for before in (scores[2::-1].T, scores[2::-1].T + np.random.default_rng(6).random((800, 3))):
        splines = tuple(Spline.of(before[:, k]) for k in range(3))
        model = Model.of(splines, before, scores[3], np.array([0.1, 0.5]))
        known = model.design.matrix(before) @ model.coefficients.T
        assert model.lines(before) == pytest.approx(known, rel=1e-10)


@pytest.mark.parametrize(
    "wrong", [{"fitted": ()}, {"fitted": (5, 5)}, {"fitted": (0, 5)}, {"most_pupils": 100}]
)
def test_what_cannot_be_fitted_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(WrongUsage, match=next(iter(wrong))):
        Growth(**wrong)
