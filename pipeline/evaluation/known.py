"""Everything in the warehouse that identifies, in every form in which it might turn up."""

import duckdb

from pipeline.warehouse.tables import Column, tables

SHORTEST_WORD = 3  # of a longer value, words under this length identify nobody
SHORTEST_NUMBER = 6  # digits: a URN has six; shorter numbers equal counts and marks by chance
# Columns that hold names; others of class text hold papers, file names and what was typed.
NAMES = ("surname", "forename", "school_name", "class_name", "teacher", "team", "team_leader")
DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%-d/%-m/%Y", "%m/%d/%Y", "%d/%m/%y", "%d %B %Y", "%-d %b %Y")


def folded(value: str) -> str:
    """An SQL expression: without regard to case and accents."""
    return f"lower(strip_accents({value}))"


def compact(value: str) -> str:
    """An SQL expression: letters and digits only."""
    return rf"regexp_replace({value}, '[^\p{{L}}\p{{N}}]', '', 'g')"


def words(value: str) -> str:
    """An SQL expression: a list of the runs of letters and digits."""
    return rf"string_split_regex({value}, '[^\p{{L}}\p{{N}}]+')"


def is_telling(form: str, letters: int) -> str:
    """An SQL condition: whether a form is long enough to be held against a word of somebody's own.

    Letters alone from `letters` on, letters with digits from four, digits from SHORTEST_NUMBER on:
    shorter ones (class 3B, admission number 42) are also rungs of trackers.
    """
    return (
        f"length({form}) >= case when regexp_matches({form}, '^[0-9]+$') then {SHORTEST_NUMBER} "
        f"when regexp_matches({form}, '[0-9]') then 4 else {letters} end"
    )


def make_known(con: duckdb.DuckDBPyConnection, key_text: str) -> None:
    """Make `temp.known`: a form of a value that identifies, and what it is of.

    From every warehouse column of the classes direct and text, and the pseudonym key itself. `part`
    is `whole` (a name, an identifier, the key, a date of birth), `word` (of a name) or `other`.
    Words that people choose, such as a scale's name, are compared with the first two only.
    """
    con.execute("create or replace temp table known_value (value varchar, kind varchar)")
    con.execute("insert into known_value values (?, 'identifier')", [key_text])
    con.execute("create or replace temp table known_date (day date, kind varchar)")
    for table in tables().values():
        for column in table.columns:
            if column.disclosure not in ("direct", "text"):
                continue
            kind = _kind(column)
            of = f'"{column.name}" from warehouse.{table.full_name}'
            if column.type == "date":
                con.execute(
                    f"insert into known_date select distinct day, ? "
                    f"from (select {of}) as found(day)",
                    [kind],
                )
            else:
                con.execute(
                    f"insert into known_value select distinct cast(value as varchar), ? "
                    f"from (select {of}) as found(value)",
                    [kind],
                )
    dates = "\n  union\n  ".join(
        f"select strftime(day, '{form}'), kind from known_date where day is not null"
        for form in DATE_FORMS
    )
    con.execute(
        f"""-- a form of something that identifies
        create or replace temp table known as
        with value as (
          select distinct {folded("value")} as value, kind,
            case when kind = 'other' then 'other' else 'whole' end as part
          from known_value
          where value is not null
        ),
        word as (
          select unnest({words("value")}) as form,
            case when kind = 'name' then 'word' else 'other' end as part
          from value
        ),
        day as (
          select {folded("value")} as form,
            case when kind = 'other' then 'other' else 'whole' end as part
          from ({dates}) as form_of_day(value, kind)
        ),
        form as (
          select value as form, part from value
          union
          select {compact("value")}, part from value
          union
          select ltrim({compact("value")}, '0'), part from value
          union
          select form, part from word where length(form) >= {SHORTEST_WORD}
          union
          select form, part from day
          union
          select {compact("form")}, part from day
        )
        select form, part
        from form
        where form <> ''"""
    )
    con.execute("drop table known_value")
    con.execute("drop table known_date")


def _kind(column: Column) -> str:
    """What a column of the classes direct and text holds: name, identifier or other."""
    if column.name in NAMES:
        return "name"
    is_identifier = column.disclosure == "direct" and column.type != "date"
    return "identifier" if is_identifier or column.name == "date_of_birth" else "other"
