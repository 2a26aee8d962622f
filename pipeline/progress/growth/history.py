"""Who has which earlier scores: the pupils of a year and year group with those before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.errors import WrongUsage
from pipeline.progress.growth.quantile_regression import Array
from pipeline.settings import YEAR_GROUPS
from pipeline.warehouse.words import as_texts

COLUMNS = ("pupil_id", "year", "year_group", "score")


@dataclass(frozen=True)
class Cohort:
    """The pupils of one year and year group: scores, and earlier ones (NaN where there is none).

    `rows` are their places in the table that was given; `priors` is pupils × occasions, the latest
    first; `asked` says who is to have a percentile, and not only to be part of the norm.
    """

    year: int
    year_group: int
    rows: np.ndarray[Any, Any]
    scores: Array
    priors: Array
    asked: np.ndarray[Any, Any]


def cohorts(results: Any, most_priors: int, of_year: int | None = None) -> Iterator[Cohort]:
    """Each year and year group of an Arrow table of `pupil_id`, `year`, `year_group`, `score`.

    Those of one year alone where it is named.

    `year` is a whole number that counts occasions (terms, where every term is one). An earlier
    score counts where the pupil was as many year groups lower as it is years ago: otherwise it is
    of another paper. Raises WrongUsage for missing columns, a pupil twice in a year, or a year or
    year group that is none.
    """
    missing = [c for c in COLUMNS if c not in results.column_names]
    if missing:
        raise WrongUsage(
            f"results: no column {', '.join(map(repr, missing))}; expected {', '.join(COLUMNS)}. "
            f"Name the columns so, for instance with `as` in the query that makes the table."
        )
    results = as_texts(results)
    pupils, pupil = _numbered(results.column("pupil_id").to_numpy())
    year = _whole(results, "year")
    group = _whole(results, "year_group")
    scores = results.column("score").to_numpy().astype(float)
    scores[~np.isfinite(scores)] = np.nan
    asked = np.ones(len(pupil), dtype=bool)
    if "asked" in results.column_names:
        asked = results.column("asked").fill_null(False).to_numpy()
    place = pupil * (np.ptp(year) + 1 if len(year) else 1) + year
    twice = len(place) - len(_values(place))
    if twice:
        raise WrongUsage(
            f"results: {twice} rows are of a pupil and year that another row has; expected one "
            f"subject and one row a pupil and year. Keep the result that decides."
        )
    known: dict[int, tuple[Array, np.ndarray[Any, Any]]] = {}
    years = [int(y) for y in _values(year)]
    for each in years:
        if of_year is not None and not of_year - most_priors <= each < of_year:
            continue
        here = year == each
        by_pupil = np.full(pupils, np.nan)
        its_group = np.zeros(pupils, dtype=np.int64)
        by_pupil[pupil[here]], its_group[pupil[here]] = scores[here], group[here]
        known[each] = by_pupil, its_group
    for each in years if of_year is None else [of_year]:
        of_each = np.flatnonzero(year == each)
        for its in _values(group[of_each]):
            rows = of_each[group[of_each] == its]
            priors = np.full((most_priors, len(rows)), np.nan).T
            for k in range(1, most_priors + 1):
                if each - k in known:
                    earlier, its_group = known[each - k]
                    same_path = its_group[pupil[rows]] == its - k
                    priors[same_path, k - 1] = earlier[pupil[rows]][same_path]
            yield Cohort(each, int(its), rows, scores[rows], priors, asked[rows])


def _numbered(ids: np.ndarray[Any, Any]) -> tuple[int, np.ndarray[Any, Any]]:
    """How many pupils there are, and a number for each row's; fast where rows are sorted."""
    if len(ids) and ids.dtype.kind in "iu" and bool((ids[1:] >= ids[:-1]).all()):
        number = np.concatenate([[0], np.cumsum(ids[1:] != ids[:-1])]).astype(np.int64)
        return int(number[-1]) + 1, number
    pupils, number = np.unique(ids, return_inverse=True)
    return len(pupils), number.astype(np.int64)


def _values(numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The different whole numbers there are, rising; fast where they rise already."""
    rise = np.diff(numbers)
    if bool((rise >= 0).all()):
        return numbers[np.concatenate([[True], rise > 0])[: len(numbers)]]
    return np.unique(numbers)


def _whole(results: Any, column: str) -> np.ndarray[Any, Any]:
    """A column of whole numbers; year groups may be texts such as `R` and `1`."""
    import pyarrow as pa

    told = results.column(column)
    if told.null_count:
        raise WrongUsage(f"results: '{column}' is empty in {told.null_count} rows; fill it in.")
    if pa.types.is_integer(told.type):
        return told.to_numpy().astype(np.int64)
    places = {name: at - YEAR_GROUPS.index("R") for at, name in enumerate(YEAR_GROUPS)}
    texts = told.unique().to_pylist()
    if column != "year_group" or not all(isinstance(t, str) and t in places for t in texts):
        expected = "whole numbers" + (" or N1, N2, R, 1 to 14" if column == "year_group" else "")
        raise WrongUsage(f"results: '{column}' is not all {expected}. Convert it in the query.")
    texts_in, place = np.unique(told.to_numpy(), return_inverse=True)
    return np.array([places[t] for t in texts_in], dtype=np.int64)[place]
