"""Everything in the warehouse that identifies, in every form in which it might turn up."""

import duckdb

from pipeline.warehouse.tables import tables

SHORTEST_WORD = 3  # of a longer value, words under this length identify nobody
SHORTEST_NUMBER = 6  # digits: a URN has six; shorter numbers equal counts and marks by chance
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


def make_known(con: duckdb.DuckDBPyConnection, key_text: str) -> None:
    """Make `temp.known`: a form of a value that identifies, and the disclosure class it has.

    From every warehouse column of the classes direct and text, and the pseudonym key itself.
    """
    con.execute("create or replace temp table known_value (value varchar, disclosure varchar)")
    con.execute("insert into known_value values (?, 'direct')", [key_text])
    con.execute("create or replace temp table known_date (day date)")
    for table in tables().values():
        for column in table.columns:
            if column.disclosure not in ("direct", "text"):
                continue
            of = f'"{column.name}" from warehouse.{table.full_name}'
            if column.type == "date":
                con.execute(f"insert into known_date select distinct {of}")
            else:
                con.execute(
                    f"insert into known_value select distinct cast(value as varchar), ? "
                    f"from (select {of}) as found(value)",
                    [column.disclosure],
                )
    dates = "\n  union\n  ".join(
        f"select strftime(day, '{form}'), 'direct' from known_date where day is not null"
        for form in DATE_FORMS
    )
    con.execute(
        f"""-- a form of something that identifies
        create or replace temp table known as
        with value as (
          select distinct {folded("value")} as value, disclosure
          from known_value
          where value is not null
        ),
        word as (
          select unnest({words("value")}) as form, disclosure
          from value
        ),
        day as (
          select {folded("value")} as form, disclosure
          from ({dates}) as form_of_day(value, disclosure)
        ),
        form as (
          select value as form, disclosure from value
          union
          select {compact("value")}, disclosure from value
          union
          select ltrim({compact("value")}, '0'), disclosure from value
          union
          select form, disclosure from word where length(form) >= {SHORTEST_WORD}
          union
          select form, disclosure from day
          union
          select {compact("form")}, disclosure from day
        )
        select form, disclosure
        from form
        where form <> ''"""
    )
    con.execute("drop table known_value")
    con.execute("drop table known_date")
