"""What a layout leaves to the content of its files: the scale, the term, the same row again."""

import duckdb

from pipeline.calendar import TERMS
from pipeline.landing.layouts.columns import standard_columns
from pipeline.landing.layouts.model import LayoutFile
from pipeline.landing.received import Received
from pipeline.warehouse.query import first_row

# Of the outcomes of a column, so many must be on a scale, and on no other, for it to be that scale.
ON_THE_SCALE = 0.8

TERM_OF_DATE = """
update stage
set academic_year = coalesce(text_of(stage.academic_year), t.academic_year), term = t.term
from reference.term as t
where list_contains(?, stage.file_id)
  and text_of(stage.term) is null
  and (
    text_of(stage.academic_year) is null
    or starting_year_of(text_of(stage.academic_year)) = starting_year_of(t.academic_year)
  )
  and date_of(text_of(stage.assessment_date)) between t.starts_on and t.ends_on
"""
# A workbook gives 95 % as 0.95: where no share of a file is over 1, all are such.
SHARE_OF_ONE = """
update stage
set attendance_percent = cast(round(100 * cast(stage.attendance_percent as double), 4) as varchar)
from (
  select file_id
  from stage
  where list_contains(?, file_id)
    and attendance_percent is not null
  group by file_id
  having max(coalesce(try_cast(attendance_percent as double), 2)) <= 1
) as s
where s.file_id = stage.file_id
  and stage.attendance_percent is not null
"""
LATER_TERM = """
select line, term
from stage
where file_id = ?
  and item > 0
  and aside is null
  and list_contains(?, term)
  and text_of(outcome) is not null
order by line, item
limit 1
"""
ONE_TEST_TWICE = """
select file_id, subject, min(item), max(item)
from (
  select distinct file_id, item, subject, academic_year, term, scale, assessment
  from stage
  where list_contains(?, file_id)
    and item > 0
    and aside is null
)
group by file_id, subject, academic_year, term, scale, assessment
having count(*) > 1
order by all
"""
SAME_AGAIN = """
update stage
set aside = 'the same as line ' || s.first_line || ' but for {columns}'
from (
  select file_id, line, item, min(line) over (partition by file_id, {others}) as first_line
  from stage
  where list_contains(?, file_id)
    and aside is null
) as s
where s.file_id = stage.file_id
  and s.line = stage.line
  and s.item = stage.item
  and s.first_line < stage.line
"""
FITTING = """
with
  given as (
    select
      file_id,
      {group} as of_column,
      upper(replace(text_of(outcome), ' ', '')) as outcome_key,
      number_of(text_of(outcome)) as score,
      count(*) as results
    from stage
    where list_contains(?, file_id)
      and item > 0
      and aside is null
      and scale is null
      and text_of(outcome) is not null
    group by all
  )
select
  g.file_id,
  g.of_column,
  s.scale,
  sum(g.results) filter (where o.outcome is not null
    or (s.kind <> 'ladder' and g.score between s.minimum and s.maximum)) as on_scale,
  sum(g.results) filter (where o.no_result_reason is null) as results,
  -- a single letter stands for something else in every system of bands
  sum(g.results) filter (where o.outcome is not null and length(o.outcome) > 1) as telling,
  sum(g.results) filter (where g.score is not null) as numbers
from given as g
join reference.scale as s
  on list_contains(?, s.scale)
left join reference.outcome as o
  on o.scale = s.scale
  and o.text = g.outcome_key
group by g.file_id, g.of_column, s.scale
order by g.file_id, g.of_column, s.scale
"""


def settle_layouts(con: duckdb.DuckDBPyConnection, files: list[Received]) -> None:
    """Settle it for staged files of the layouts that ask for it."""
    by_layout: dict[str, list[Received]] = {}
    for file in files:
        if file.found and not file.refusal:
            by_layout.setdefault(file.layout or "", []).append(file)
    for group in by_layout.values():
        assert group[0].found
        layout = group[0].found.match.layout
        ids = [f.file_id for f in group]
        if layout.term_from_date:
            con.execute(TERM_OF_DATE, [ids])
        if layout.repeats_ignore:
            _same_again(con, layout, ids)
        if layout.scale_from_values:
            _scale_of_values(con, layout, group)
        if not layout.exact_headings:
            con.execute(SHARE_OF_ONE, [ids])
            _refuse_later_terms(con, group)
            _refuse_one_test_twice(con, group)
    refused = [f.file_id for f in files if f.refusal]
    for table in ("stage", "passed_over", "set_aside"):
        con.execute(f"delete from {table} where list_contains(?, file_id)", [refused])


def _same_again(con: duckdb.DuckDBPyConnection, layout: LayoutFile, ids: list[int]) -> None:
    others = ", ".join(
        f'"{c}"' for c in ("item", *standard_columns()) if c not in layout.repeats_ignore
    )
    columns = " and ".join(layout.repeats_ignore)
    con.execute(SAME_AGAIN.format(columns=columns, others=others), [ids])


def _scale_of_values(
    con: duckdb.DuckDBPyConnection, layout: LayoutFile, files: list[Received]
) -> None:
    """Give each column of results the one scale that its outcomes are on, else refuse the file."""
    wide = {f.file_id for f in files if f.found and f.found.match.results}
    for group, some in (
        ("item", [f for f in files if f.file_id in wide]),
        ("lower(subject)", [f for f in files if f.file_id not in wide]),
    ):
        if not some:
            continue
        by_id = {f.file_id: f for f in some}
        found = con.execute(
            FITTING.format(group=group), [list(by_id), list(layout.scale_from_values)]
        ).fetchall()
        columns: dict[tuple[int, object], list[tuple[str, int, int]]] = {}
        numbers: dict[tuple[int, object], bool] = {}
        for file_id, of_column, scale, on_scale, results, telling, are_numbers in found:
            columns.setdefault((file_id, of_column), []).append(
                (scale, (on_scale or 0) if telling else 0, results or 0)
            )
            numbers[file_id, of_column] = 2 * (are_numbers or 0) > (results or 0)
        settled: list[tuple[int, str, str]] = []
        only_codes: list[tuple[int, str]] = []
        for (file_id, of_column), scales in columns.items():
            fitting = [s for s, on, all_ in scales if all_ and on >= ON_THE_SCALE * all_]
            if not any(all_ for _, _, all_ in scales):
                only_codes.append((file_id, str(of_column)))
            elif len(fitting) == 1:
                settled.append((file_id, str(of_column), fitting[0]))
            elif not by_id[file_id].refusal:
                by_id[file_id].refusal = _undecided(
                    by_id[file_id], of_column, fitting, numbers[file_id, of_column]
                )
        # Codes such as A are of the scale that the rest of the file has, if it has one.
        for file_id, column in only_codes:
            others = {scale for number, _, scale in settled if number == file_id}
            if len(others) == 1:
                settled.append((file_id, column, others.pop()))
        for file_id in {number for number, _, _ in settled}:
            scales_ = sorted({scale for number, _, scale in settled if number == file_id})
            by_id[file_id].notes.append(f"the scale was told by the outcomes: {', '.join(scales_)}")
        for file_id, of_column, scale in settled:
            con.execute(
                f"update stage set scale = ? where file_id = ? and item > 0 "
                f"and scale is null and cast({group} as varchar) is not distinct from ?",
                [scale, file_id, None if of_column == "None" else of_column],
            )


def _refuse_later_terms(con: duckdb.DuckDBPyConnection, files: list[Received]) -> None:
    """A heading's term that comes after that of the folder is likely last year's: ask."""
    for file in files:
        path = file.found.path_says if file.found else {}
        term, year = path.get("term"), path.get("academic_year")
        if file.refusal or term not in TERMS or not year:
            continue
        later = list(TERMS[TERMS.index(term) + 1 :])
        row = first_row(con, LATER_TERM, [file.file_id, later])
        if row:
            file.refusal = (
                f"line {row[0]}: there are results of a later term ({row[1]}) than that of the "
                f"folder or file name ({term}). If they are of an earlier year, say the year in "
                f"the heading or take them out; if the file is of the later term, put it into a "
                f"folder of that term."
            )


def _refuse_one_test_twice(con: duckdb.DuckDBPyConnection, files: list[Received]) -> None:
    """Two columns of results that turn out to be one subject, term, scale and assessment."""
    wide = {f.file_id: f for f in files if f.found and f.found.match.results and not f.refusal}
    for file_id, subject, one, other in con.execute(ONE_TEST_TWICE, [list(wide)]).fetchall():
        file = wide[file_id]
        assert file.found
        places = [file.found.match.results[item - 1].place + 1 for item in (one, other)]
        file.refusal = (
            f"columns {places[0]} and {places[1]} both hold results in {subject} of the same term "
            f"and scale, and nothing tells them apart. Name the test or data drop in their "
            f"headings, or take one of them out, and send it again."
        )


def _undecided(file: Received, of_column: object, fitting: list[str], numbers: bool) -> str:
    if file.found and file.found.match.results and isinstance(of_column, int):
        where = f"column {file.found.match.results[of_column - 1].place + 1}"
    else:
        where = "the outcomes of a subject"
    if fitting or numbers:
        return (
            f"{where}: numbers were found, and nothing says whether they are scaled scores, "
            f"standardised scores or marks. Say it in the heading, such as 'Reading Scaled "
            f"Score', or give the file a layout of your own with that scale "
            f"(docs/adding-a-layout.md)."
        )
    return (
        f"{where}: most of what stands there is on none of the scales that are known. If it is a "
        f"school's own scale, put its table into scales/ and a layout that names it into layouts/ "
        f"(docs/adding-a-layout.md)."
    )
