"""Stage 1, ingest: from `exports/` to `landing.*` and `core.*`, in one transaction.

What the warehouse lacks of the ledger's accepted files comes from the archive again, so a lost or
old warehouse is made anew, and a run that was ended between ledger and commit is completed.
"""

import datetime as dt
import shutil
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipeline.landing.books import (
    check_sums,
    count_results,
    entries_of,
    record_files,
    record_refused,
    settle_withdrawn,
)
from pipeline.landing.corrections import (
    Correction,
    apply_corrections,
    correction_notes,
    corrections_fingerprint,
    read_corrections,
)
from pipeline.landing.incoming import Tick, sort_out
from pipeline.landing.keep import keep
from pipeline.landing.land import begin_landing, end_landing, land_portion
from pipeline.landing.layouts.path import known_school
from pipeline.landing.layouts.read import layouts_fingerprint, read_layouts
from pipeline.landing.ledger import Ledger
from pipeline.landing.reading.ctf_results import ctf_results
from pipeline.landing.receive import Reading
from pipeline.landing.received import Received
from pipeline.landing.refuse import (
    OF_ROWS,
    drop_rows,
    refuse_month_first,
    refuse_unloadable,
    same_number_as_before,
)
from pipeline.landing.removed import read_removed, withdrawals_to_record
from pipeline.landing.settle import settle_layouts
from pipeline.landing.stage import count_results_read, make_stage, stage_portions
from pipeline.landing.walk import export_files
from pipeline.programme import Programme
from pipeline.reference import (
    enrolment_fingerprint,
    made_from,
    reading_fingerprint,
    remember_made_from,
)
from pipeline.warehouse.connection import for_loading, in_transaction
from pipeline.warehouse.models import run_models
from pipeline.warehouse.query import first_row, insert_rows

HERE = Path(__file__).parent
# The rows of a file of one term are counted without a look at their pupils.
ROWS_OF_TERMS = """
with
  terms_of_file as (
    select file_id, min(term_no) as first_term, max(term_no) as last_term
    from landing.export_pupil
    where list_contains($1, file_id)
    group by file_id
  )
select term_no, cast(sum(rows) as bigint)
from (
  select t.first_term as term_no, i.rows
  from (select file_id, count(*) as rows from landing.export_item group by file_id) as i
  join terms_of_file as t
    on t.file_id = i.file_id
    and t.first_term = t.last_term
  union all
  select p.term_no, 1
  from landing.export_pupil as p
  join terms_of_file as t
    on t.file_id = p.file_id
    and t.first_term < t.last_term
  join landing.export_item as i
    on i.file_id = p.file_id
    and i.pupil_line = p.line
    and i.pupil_item = p.item
)
group by term_no
order by term_no
"""


@dataclass
class Ingested:
    """What an ingest did, in counts; refusals by the number of the file."""

    files: int = 0
    loaded: int = 0
    unchanged: int = 0
    again: int = 0
    withdrawn: int = 0
    terms: dict[int, int] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    rows_loaded: int = 0
    rows_rejected: int = 0
    rows_skipped: int = 0
    unused_columns: int = 0
    nearly: list[tuple[int, int, str]] = field(default_factory=list)
    layouts: dict[str, int] = field(default_factory=dict)
    unread: list[tuple[int, list[int]]] = field(default_factory=list)
    set_aside: list[tuple[str, int, int]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    correction_notes: list[str] = field(default_factory=list)


def ingest(
    con: duckdb.DuckDBPyConnection,
    programme: Programme,
    tick: Tick = lambda n: None,
    total: Tick = lambda n: None,
    archive_only: bool = False,
) -> Ingested:
    """Take in every file of `exports/` that is new, and of the archive what the warehouse lacks;
    with `archive_only` only that. `tick` is told of files done, of `total`.
    """
    ledger = Ledger(programme.ledger)
    removed = read_removed(programme.removed_file)
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    ledger.append(withdrawals_to_record(ledger, removed, now.isoformat()))
    paths = export_files(programme.exports)
    total(len(ledger.accepted()) if archive_only else 2 * len(paths))
    reading = reading_of(programme)
    corrections = read_corrections(programme.corrections_file)
    told = [*_told(reading), corrections_fingerprint(programme.corrections_file)]
    read_with = reading_fingerprint(con, told)
    found = sort_out(con, programme, ledger, paths, tick, read_with, reading, archive_only)
    found.number(ledger)
    new, again = found.new, found.again
    run_sql(con, "macros")
    with for_loading(con), in_transaction(con):
        run_models(con, HERE / "views")
        unknown = _forget_unknown(con, ledger)
        _forget(con, again)
        _land(con, found.loadable, corrections, tick)
        refuse_month_first(con, new)
        refuse_unloadable(con, new)
        found.settle_twins()
        drop_rows(con, new + again)
        same_number_as_before(ledger, new)
        entries = entries_of(con, ledger, new, now)
        record_files(con, [*ledger.entries, *entries], again + new, read_with)
        record_refused(con, [*ledger.entries, *entries])
        moved = settle_withdrawn(con, ledger, removed)
        teams = enrolment_fingerprint(con)
        if new or again or moved or unknown or made_from(con, "enrolment") != teams:
            remember_made_from(con, "enrolment", teams)
            run_models(con, HERE / "models")
            count_results(con)
            check_sums(con)
        accepted = [f for f in new if not f.refusal]
        keep(programme.archive, accepted + [f for f in again if f.to_archive])
        ledger.append(entries)
    done = Ingested(files=len(paths), unchanged=found.unchanged, again=len(again))
    done.withdrawn = len(removed)
    done.correction_notes = correction_notes(con, corrections)
    _tell(con, done, new, again)
    shutil.rmtree(programme.private / "incoming", ignore_errors=True)
    return done


def reading_of(programme: Programme) -> Reading:
    """What the files of a programme are read with. Raises SettingsWrong where it is wrong."""
    schools = tuple(
        known_school(number, (str(s.urn or ""), str(s.laestab or ""), s.name, *s.also))
        for s in programme.settings.school
        if (number := s.urn or s.laestab)
    )
    own_ctf = programme.folder / "ctf" / "results.toml"
    return Reading(
        read_layouts(programme.folder / "layouts"),
        schools,
        ctf_results(own_ctf if own_ctf.exists() else None),
    )


def _told(reading: Reading) -> list[str]:
    # A set is written in another order by each process.
    schools = repr([(s.number, sorted(s.texts)) for s in reading.schools])
    return [layouts_fingerprint(reading.layouts), schools, repr(reading.ctf)]


def run_sql(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run one of the queries of the stage."""
    con.execute((HERE / "queries" / f"{name}.sql").read_text(encoding="utf-8"))


def _forget_unknown(con: duckdb.DuckDBPyConnection, ledger: Ledger) -> bool:
    """The warehouse follows the ledger: what a restored, shorter one does not have goes."""
    known = [(e.sequence, e.sha256) for e in ledger.entries if e.action in ("accept", "refuse")]
    con.execute("create or replace temp table in_ledger (file_id integer, file_sha256 varchar)")
    insert_rows(con, "in_ledger", ("file_id", "file_sha256"), known)
    unknown = con.execute(
        "select f.file_id from landing.export_file as f left join in_ledger as l "
        "on l.file_id = f.file_id and l.file_sha256 = f.file_sha256 where l.file_id is null"
    ).fetchall()
    for table in ("export_file", *OF_ROWS):
        con.execute(
            f"delete from landing.{table} where list_contains(?, file_id)",
            [[file_id for (file_id,) in unknown]],
        )
    return bool(unknown)


def _forget(con: duckdb.DuckDBPyConnection, again: list[Received]) -> None:
    """What was read of files with other settings goes before they are read again."""
    for table in OF_ROWS:
        con.execute(
            f"delete from landing.{table} where list_contains(?, file_id)",
            [[f.file_id for f in again]],
        )


def _land(
    con: duckdb.DuckDBPyConnection,
    files: list[Received],
    corrections: tuple[Correction, ...],
    tick: Tick,
) -> None:
    make_stage(con)
    begin_landing(con, files)
    with closing(stage_portions(con, files, bool(corrections), tick)) as portions:
        for portion in portions:
            count_results_read(con, portion)
            apply_corrections(con, corrections)
            settle_layouts(con, portion.files)
            land_portion(con, portion, bool(corrections))
    end_landing(con)


def _tell(
    con: duckdb.DuckDBPyConnection, done: Ingested, new: list[Received], again: list[Received]
) -> None:
    done.refused = {f.file_id: f.refusal for f in new + again if f.refusal}
    done.loaded = len([f for f in new if not f.refusal])
    loaded = [f.file_id for f in new + again if not f.refusal]
    done.nearly = [
        (f.file_id, place, name) for f in new if not f.refusal for place, name in f.nearly
    ]
    done.terms = dict(
        con.execute(
            ROWS_OF_TERMS,
            [[f.file_id for f in new if not f.refusal]],
        ).fetchall()
    )
    done.notes = [(f.file_id, note) for f in new if not f.refusal for note in f.notes]
    done.unread = [
        (f.file_id, [place + 1 for place in f.found.match.unread])
        for f in new
        if f.found and f.found.match.unread and not f.refusal
    ]
    done.layouts = dict(Counter(f.layout for f in new if f.layout and not f.refusal))
    # A row that is repeated, or blank, says nothing; what a layout leaves aside does.
    done.set_aside = con.execute(
        "select reason, count(distinct file_id), cast(sum(greatest(results, 1)) as bigint) "
        "from landing.skipped_row where list_contains(?, file_id) and reason <> 'blank row' "
        "and reason not like 'the same as%' group by reason order by 3 desc, 1",
        [[f.file_id for f in new]],
    ).fetchall()
    done.unused_columns = sum(f.found.match.unused for f in new if f.found and not f.refusal)
    sums = first_row(
        con,
        "select sum(rows_loaded), sum(rows_rejected), sum(rows_skipped) from landing.export_file "
        "where list_contains(?, file_id)",
        [loaded],
    )
    done.rows_loaded, done.rows_rejected, done.rows_skipped = (
        int(n or 0) for n in sums or (0,) * 3
    )
