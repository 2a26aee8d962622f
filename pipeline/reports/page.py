"""What the notebooks call: a scope, and one function for each block of a page."""

from pipeline.reports.mend_blocks import to_mend
from pipeline.reports.school_blocks import (
    accuracy,
    by_class,
    by_pupil_group,
    by_year_group,
    changes,
    over_terms,
    team_links,
)
from pipeline.reports.scope import scope
from pipeline.reports.shared_blocks import cautions, flagged_shares, settings_in_force, title
from pipeline.reports.team_blocks import at_a_glance, by_subject, moved
from pipeline.reports.venn_blocks import start_here, venn

__all__ = [
    "accuracy",
    "at_a_glance",
    "by_class",
    "by_pupil_group",
    "by_subject",
    "by_year_group",
    "cautions",
    "changes",
    "flagged_shares",
    "moved",
    "over_terms",
    "scope",
    "settings_in_force",
    "start_here",
    "team_links",
    "title",
    "to_mend",
    "venn",
]
