"""Which rows say the same of a pupil, so that it is read and kept once.

The first of them stands for all: `pupil_line` and `pupil_item` of a staged row are its place.
"""

import duckdb

from pipeline.landing.layouts.columns import RESULT_COLUMNS
from pipeline.landing.layouts.match import Match
from pipeline.landing.portion import STAGE, Portion

# What a result may have of its own; its term is also that of what is said of the pupil.
OF_RESULT = set(RESULT_COLUMNS) - {"academic_year", "term"}

EACH_FOR_ITSELF = "update stage set pupil_line = line, pupil_item = item"
# The results of a row, and rows after it that say the same, are together by term; the first that
# is not passed over stands for them.
FIRST_OF_TERM = """
update stage
set pupil_line = f.first // 10000, pupil_item = f.first % 10000
from (
  select file_id, pupil_line, academic_year, term, min(line * 10000 + item) as first
  from stage
  where aside is null
  group by file_id, pupil_line, academic_year, term
) as f
where f.file_id = stage.file_id
  and f.pupil_line = stage.pupil_line
  and f.academic_year is not distinct from stage.academic_year
  and f.term is not distinct from stage.term
  and f.first <> stage.pupil_line * 10000 + stage.pupil_item
"""
SOME_PASSED_OVER = "select 1 from {staged} where aside is not null limit 1"
# Rows whose first one is passed over.
LED_BY_NONE = """
create or replace temp table led_by_none as
select pupil_line as line, min(line) as next_line
from {staged}
where aside is null
group by pupil_line
having min(line) > pupil_line
"""
LED_BY_NEXT = (
    "(select s.* replace (coalesce(n.next_line, s.pupil_line) as pupil_line) "
    "from {source} as s left join led_by_none as n on n.line = s.pupil_line)"
)


def of_pupil(match: Match) -> tuple[int, ...]:
    """Places of the columns from which it is read what a row says of its pupil, and of school and
    term; none where a row holds several results."""
    if match.results:
        return ()
    derived_from = {d.source for c, d in match.layout.derived.items() if c not in OF_RESULT}
    return tuple(
        place
        for place, name in enumerate(match.columns)
        if name and (name not in OF_RESULT or name in derived_from)
    )


def settle_facts(con: duckdb.DuckDBPyConnection, portion: Portion, corrected: bool) -> None:
    """Settle it for a portion, once it is known what its rows say and which are passed over.

    A correction may change one row of several that said the same.
    """
    if portion.source == STAGE and corrected:
        con.execute(EACH_FOR_ITSELF)
    elif portion.source == STAGE:
        con.execute(FIRST_OF_TERM)
    elif portion.ask(con, SOME_PASSED_OVER):
        portion.ask(con, LED_BY_NONE)
        portion.source = LED_BY_NEXT.replace("{source}", portion.source)
    else:
        portion.hold_leading_apart()
