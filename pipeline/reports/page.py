"""What the notebooks call: a scope, and one function for each block of a page."""

from pipeline.reports.mend_blocks import to_mend
from pipeline.reports.movement_blocks import movement
from pipeline.reports.pattern_blocks import at_the_standard, by_pupil_group
from pipeline.reports.reading_blocks import how_to_read
from pipeline.reports.risk_blocks import risk
from pipeline.reports.school_blocks import (
    by_class,
    by_year_group,
    changes,
    over_terms,
    team_links,
)
from pipeline.reports.scope import scope
from pipeline.reports.shared_blocks import cautions, title
from pipeline.reports.small_print import flagged_shares, settings_in_force
from pipeline.reports.start_blocks import start_here
from pipeline.reports.team_blocks import at_a_glance, by_subject, moved, nothing_due
from pipeline.reports.venn_blocks import venn
from pipeline.reports.verdict_blocks import accuracy, questions

__all__ = [
    "accuracy",
    "at_a_glance",
    "at_the_standard",
    "by_class",
    "by_pupil_group",
    "by_subject",
    "by_year_group",
    "cautions",
    "changes",
    "flagged_shares",
    "how_to_read",
    "moved",
    "movement",
    "nothing_due",
    "over_terms",
    "questions",
    "risk",
    "scope",
    "settings_in_force",
    "start_here",
    "team_links",
    "title",
    "to_mend",
    "venn",
]
