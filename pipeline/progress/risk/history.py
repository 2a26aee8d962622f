"""Who has which earlier results, and whether the pupil was below at the next summer."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.errors import WrongUsage
from pipeline.progress.risk.standard import Array
from pipeline.settings import YEAR_GROUPS

COLUMNS = ("pupil_id", "school_id", "term_no", "year_group", "subject", "score", "below")
TERMS_A_YEAR, SUMMER = 3, 2
TOO_LOW = -np.inf


def next_summer(term_no: Array) -> Array:
    """Number of the first summer term after a term; after a summer, that of the next year."""
    return term_no + np.where(term_no % TERMS_A_YEAR == SUMMER, 3, SUMMER - term_no % TERMS_A_YEAR)


@dataclass(frozen=True)
class Pupils:
    """Some rows of the table with what is known of their pupils, a row each.

    `scores` and `scales` are pupils × columns: the result now and those of earlier terms, the
    latest first, in each term the subject itself before the others. `scale` is that of the latest
    result in the subject, −1 where there is none. `below` is NaN where the next summer is unknown.
    """

    rows: Array
    schools: Array
    year_group: Array
    scale: Array
    scores: Array
    scales: Array
    below: Array

    def of(self, some: Array) -> "Pupils":
        """Some of them: a mask, or places."""
        return Pupils(*(getattr(self, name)[some] for name in self.__dataclass_fields__))


class History:
    """An Arrow table of results, searchable by pupil, subject and term.

    Columns as the documentation of `pipeline.progress.risk` says; others are not read. Raises
    WrongUsage for missing columns, a pupil and subject twice in a term, or values that are not
    what a column holds.
    """

    def __init__(self, results: Any) -> None:
        missing = [c for c in COLUMNS if c not in results.column_names]
        if missing:
            raise WrongUsage(
                f"results: no column {', '.join(map(repr, missing))}; expected "
                f"{', '.join(COLUMNS)} and, where there are several, scale. Name the columns so, "
                f"for instance with `as` in the query that makes the table."
            )
        self.pupil = _numbered(results, "pupil_id")[1]
        self.school = _numbered(results, "school_id", empty=True)[1]
        self.subjects, self.subject = _numbered(results, "subject")
        self.term_no = _whole(results, "term_no")
        self.year_group = _whole(results, "year_group")
        self.scale = np.zeros(len(self.pupil), dtype=np.int64)
        if "scale" in results.column_names:
            self.scale = _numbered(results, "scale", empty=True)[1]
        self.below = _flags(results)
        score = _floats(results)
        score[~np.isfinite(score)] = np.nan
        # An outcome too low for points is no gap: it stands under all others.
        self.score = np.where(np.isnan(score) & (self.below == 1), TOO_LOW, score)
        self._first = int(self.term_no.min()) if len(self.term_no) else 0
        self._terms = int(self.term_no.max()) - self._first + 1 if len(self.term_no) else 1
        key = self._key(self.pupil, self.subject, self.term_no)
        self._order = np.argsort(key, kind="stable")
        self._keys = key[self._order]
        twice = int((np.diff(self._keys) == 0).sum())
        if twice:
            raise WrongUsage(
                f"results: {twice} rows are of a pupil, subject and term that another row has; "
                f"expected one. Keep the result that decides."
            )

    def _key(self, pupil: Array, subject: Array, term_no: Array) -> Array:
        found: Array = (pupil * len(self.subjects) + subject) * self._terms + term_no - self._first
        return found

    def find(self, pupil: Array, subject: Array, term_no: Array) -> Array:
        """The row of each pupil, subject and term; −1 where there is none."""
        key = self._key(pupil, subject, term_no)
        at = np.minimum(np.searchsorted(self._keys, key), max(len(self._keys) - 1, 0))
        inside = (term_no >= self._first) & (term_no < self._first + self._terms)
        return np.where(inside & (self._keys[at] == key), self._order[at], -1)

    def pupils(self, subject: int, term_no: Array, years_back: int) -> Pupils:
        """Those with a row in the subject (by its number) in one of these terms.

        An earlier result counts where the pupil was as many year groups lower as it is school years
        ago: otherwise it is of another paper.
        """
        rows = np.flatnonzero((self.subject == subject) & np.isin(self.term_no, term_no))
        # In the order of pupil and term, so that the order of rows changes nothing.
        rows = rows[np.lexsort((self.term_no[rows], self.pupil[rows]))]
        who, now = self.pupil[rows], self.term_no[rows]
        others = [s for s in range(len(self.subjects)) if s != subject]
        scores, scales = [], []
        own = np.full(len(rows), -1, dtype=np.int64)
        for back in range(TERMS_A_YEAR * years_back + 1):
            for each in (subject, *others):
                at = self.find(who, np.full(len(rows), each), now - back)
                years = now // TERMS_A_YEAR - (now - back) // TERMS_A_YEAR
                same_path = self.year_group[at] == self.year_group[rows] - years
                score = np.where((at >= 0) & same_path, self.score[at], np.nan)
                scores.append(score)
                scales.append(self.scale[at])
                if each == subject:
                    own = np.where((own < 0) & ~np.isnan(score), self.scale[at], own)
        outcome = self.find(who, np.full(len(rows), subject), next_summer(now))
        below = np.where(outcome >= 0, self.below[outcome], np.nan)
        return Pupils(
            *(rows, self.school[rows], self.year_group[rows], own),
            *(np.stack(scores, axis=1), np.stack(scales, axis=1), below),
        )


def _numbered(results: Any, column: str, empty: bool = False) -> tuple[list[Any], Array]:
    """Values in order, and each row's place among them; empty ones are one more value."""
    import pyarrow.compute as pc

    told = results.column(column)
    if told.null_count and not empty:
        raise WrongUsage(f"results: '{column}' is empty in {told.null_count} rows; fill it in.")
    values = told.unique().drop_null()
    values = values.take(pc.sort_indices(values))
    place = pc.fill_null(pc.index_in(told, values), len(values))
    return values.to_pylist(), place.to_numpy().astype(np.int64)


def _whole(results: Any, column: str) -> Array:
    """A column of whole numbers; year groups may be texts such as `R` and `1`."""
    import pyarrow as pa

    told = results.column(column)
    if told.null_count:
        raise WrongUsage(f"results: '{column}' is empty in {told.null_count} rows; fill it in.")
    if pa.types.is_integer(told.type):
        return told.to_numpy().astype(np.int64)
    place = {name: at - YEAR_GROUPS.index("R") for at, name in enumerate(YEAR_GROUPS)}
    texts, which = _numbered(results, column)
    if column != "year_group" or not all(t in place for t in texts):
        expected = "whole numbers" + (" or N1, N2, R, 1 to 14" if column == "year_group" else "")
        raise WrongUsage(f"results: '{column}' is not all {expected}. Convert it in the query.")
    return np.array([place[t] for t in texts], dtype=np.int64)[which]


def _floats(results: Any) -> Array:
    import pyarrow as pa

    told = results.column("score")
    if not (pa.types.is_floating(told.type) or pa.types.is_integer(told.type)):
        raise WrongUsage(
            "results: 'score' is not a number; expected points, empty where there are none. "
            "Convert it in the query."
        )
    found: Array = told.cast(pa.float64()).to_numpy().copy()
    return found


def _flags(results: Any) -> Array:
    """1 for below, 0 for not below, NaN where it is not known."""
    import pyarrow as pa

    told = results.column("below")
    if not pa.types.is_boolean(told.type):
        raise WrongUsage(
            "results: 'below' is not true or false; expected whether the result is under what is "
            "expected, empty where that is not known. Convert it in the query."
        )
    found: Array = told.cast(pa.int8()).cast(pa.float64()).to_numpy().copy()
    return found
