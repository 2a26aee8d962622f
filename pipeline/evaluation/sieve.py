"""What publishing sees of the warehouse: permitted columns only, with pseudonyms and known codes.

The views lie in a database of their own that is the only one in sight of the models, so a model
can't reach a column that the allow-list does not name.
"""

import duckdb

from pipeline.errors import Defect, SettingsWrong
from pipeline.evaluation.allow_list import PROGRAM, AllowList, Published
from pipeline.evaluation.key import Key
from pipeline.warehouse.query import first_row
from pipeline.warehouse.tables import quoted, tables

DIGITS = 16  # 64 bits: two of a million pupils share them once in 37 million releases


def make_sieve(con: duckdb.DuckDBPyConnection, allowed: AllowList, key: Key) -> None:
    """Make the databases `pseudonyms` and `permitted`, and put `permitted` in sight."""
    con.execute("attach ':memory:' as pseudonyms (read_write)")
    con.execute("attach ':memory:' as permitted (read_write)")
    _make_pseudonyms(con, allowed, key)
    joins_by = [s for t in allowed.tables for s in t.joins_by]
    for table, columns in _by_table(allowed).items():
        con.execute(f"create schema if not exists permitted.{table.split('.')[0]}")
        also = [s.rsplit(".", 1)[1] for s in joins_by if s.rsplit(".", 1)[0] == table]
        con.execute(_view(table, columns, [c for c in also if c not in columns]))
    con.execute("use permitted")


def _by_table(allowed: AllowList) -> dict[str, dict[str, Published]]:
    """Permitted columns by warehouse table, each under its name there (a pseudonym: its own)."""
    found: dict[str, dict[str, Published]] = {}
    for published in (c for t in allowed.tables for c in t.columns if c.source != PROGRAM):
        table, column = published.source.rsplit(".", 1)
        columns = found.setdefault(table, {})
        earlier = columns.setdefault(published.pseudonym or column, published)
        if _expression(earlier) != _expression(published):
            raise SettingsWrong(
                f"evaluation.toml: '{published.source}' is published in two ways; give both "
                f"columns the same set, 'decimals', 'within' and 'only_where'."
            )
    return found


def _make_pseudonyms(con: duckdb.DuckDBPyConnection, allowed: AllowList, key: Key) -> None:
    for pseudonym in allowed.pseudonyms:
        name, column = pseudonym.name, pseudonym.source
        everywhere = "\n  union\n  ".join(
            f"select {column} as id from warehouse.{t.full_name} where {column} is not null"
            for t in tables().values()
            if not t.is_view and any(c.name == column for c in t.columns)
        )
        kept = (
            "select old_pupil_id as id, kept_pupil_id as kept from warehouse.core.pupil_merge"
            if column == "pupil_id"
            else "select null as id, null as kept where false"
        )
        con.execute(
            f"""-- an identifier with its pseudonym, that of the pupil kept where two were one
            create table pseudonyms.{name} as
            with recursive merged as ({kept}),
            everywhere as (
              {everywhere}
              union
              select id from merged
              union
              select kept from merged
            ),
            followed as (
              select id, id as kept
              from everywhere
              union
              select f.id, m.kept
              from followed as f
              join merged as m
              on m.id = f.kept
            ),
            kept_one as (
              select f.id, f.kept
              from followed as f
              left join merged as m
              on m.id = f.kept
              where m.id is null
            )
            select id, kept, ? || substr(hmac_sha256(?, ? || kept), 1, {DIGITS}) as pseudonym
            from kept_one""",
            [pseudonym.letter, key.secret, f"{name}:"],
        )
        counts = first_row(
            con,
            f"select count(distinct id), count(distinct kept), count(distinct pseudonym), "
            f"count(*), (select count(*) from ({everywhere})) from pseudonyms.{name}",
        )
        assert counts
        ids, persons, distinct, rows, known = counts
        if persons != distinct or ids != rows or ids < known:
            raise Defect(
                f"pseudonyms of {name}: {known} identifiers gave {rows} pseudonyms, of which "
                f"{distinct} are different, for {persons}. Nothing was published."
            )


def _expression(published: Published) -> str:
    column = published.source.rsplit(".", 1)[1]
    value = f't."{column}"'
    if published.pseudonym:
        return f"{published.pseudonym}_of.pseudonym"
    if published.decimals is not None:
        value = f"round({value}, {published.decimals})"
    conditions = []
    if published.within:
        low, high = published.within
        conditions.append(f"{value} between {low} and {high}")
    if published.only_where:
        conditions.append(f"checked.{published.only_where.rsplit('.', 1)[1]}")
    if published.values and published.values.otherwise:
        conditions.append(published.values.holds(value))
    if not conditions:
        return value
    keeps_place = published.values and published.values.otherwise == "other"
    instead = quoted("other") if keeps_place else "null"
    return (
        f"case when {value} is null then null when {' and '.join(conditions)} then {value} "
        f"else {instead} end"
    )


def _view(table: str, columns: dict[str, Published], also: list[str]) -> str:
    expressions = {n: _expression(c) for n, c in columns.items()} | {n: f't."{n}"' for n in also}
    values = ",\n  ".join(f'{value} as "{name}"' for name, value in expressions.items())
    joins = [
        f"left join pseudonyms.{c.pseudonym} as {c.pseudonym}_of "
        f"on {c.pseudonym}_of.id = t.{c.source.rsplit('.', 1)[1]}"
        for c in columns.values()
        if c.pseudonym
    ]
    checked = {c.only_where.rsplit(".", 1)[0] for c in columns.values() if c.only_where}
    for other in checked:
        same = " and ".join(f"checked.{k} = t.{k}" for k in tables()[other].key)
        joins.append(f"left join warehouse.{other} as checked on {same}")
    selected = f"create view permitted.{table} as\nselect\n  {values}\nfrom warehouse.{table} as t"
    return "\n".join([selected, *joins])
