"""Value added from key stage 1 to key stage 2, over tables of results (docs/value-added.md).

In order: `average_points` (prior attainment), `key_stage_2_scores`, groups from `read_groups` (a
national table) or `cohort_groups` (the pupils at hand), `pupil_progress`, `school_progress`. Each
takes Arrow tables with named columns and gives one back, with a `reason` where there is no figure.
"""

from pipeline.progress.value_added.data import read_value_added
from pipeline.progress.value_added.groups import cohort_groups, read_groups
from pipeline.progress.value_added.prior import average_points
from pipeline.progress.value_added.progress import pupil_progress
from pipeline.progress.value_added.school import BANDS, judged_means, school_progress, year_note
from pipeline.progress.value_added.scores import key_stage_2_scores

__all__ = [
    "BANDS",
    "average_points",
    "cohort_groups",
    "judged_means",
    "key_stage_2_scores",
    "pupil_progress",
    "read_groups",
    "read_value_added",
    "school_progress",
    "year_note",
]
