"""`reference.*`: settings, scales, calendar and teams, written where SQL can read them."""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from pipeline import __version__
from pipeline.accepted import read_accepted
from pipeline.calendar import FIRST_YEAR, LAST_YEAR, TERMS, Term, day_in_term
from pipeline.errors import SettingsWrong
from pipeline.programme import Programme
from pipeline.scales import Scale, no_result_words, read_scales, text_key
from pipeline.settings import YEAR_GROUPS, Paper, Settings
from pipeline.warehouse.growing import take_up_words
from pipeline.warehouse.query import first_value, insert_rows
from pipeline.warehouse.tables import Table, create_table, tables
from pipeline.warehouse.words import GROWING

Rows = Iterable[tuple[Any, ...]]


def load_reference(con: duckdb.DuckDBPyConnection, programme: Programme) -> None:
    """Write every reference table anew, within a transaction of the caller's.

    Raises SettingsWrong where an input is wrong.
    """
    settings = programme.settings
    scales = read_scales(programme.folder / "scales")
    _check_scales_named(settings, scales)
    schools = {n: s.urn or s.laestab for s in settings.school for n in (s.urn, s.laestab) if n}
    content: dict[str, Rows] = {
        "subject": [(s, i, s in settings.rings) for i, s in enumerate(settings.subjects, start=1)],
        "term": _terms(settings),
        "year_group": [(y, at, at + 4) for y, at in zip(YEAR_GROUPS, range(-2, 15), strict=True)],
        "due": _due(settings),
        "scale": [
            (
                *(s.scale, number, max(s.steps().values(), default=None)),
                *(s.title, s.kind, s.assessment_kind, s.judged, s.climbs, s.meaning),
                *(s.mean, s.spread, s.minimum, s.maximum),
            )
            for number, s in enumerate(scales.values(), start=1)
        ],
        "school_meaning": [
            (s.urn or s.laestab, scale, meaning)
            for s in settings.school
            for scale, meaning in s.meaning.items()
        ],
        "outcome": [row for s in scales.values() for row in _outcomes(s)],
        "expectation": [row for s in scales.values() for row in _expectations(s)],
        "framework": [row for s in scales.values() for row in _frameworks(s)],
        "publisher_band": [row for s in scales.values() for row in _publisher_bands(s)],
        "good_level": [
            (s.scale, goal, told.since, told.until)
            for s in scales.values()
            for told in s.good_level
            for goal in told.goals
        ],
        "paper": _papers(settings, scales),
        "team": _teams(programme.teams_file, schools),
        "school": [(s.urn or s.laestab, s.urn, s.laestab, s.name) for s in settings.school],
        "setting": [
            (name, str(value), value if isinstance(value, float | int) else None)
            for name, value in _named_values(settings)
            if isinstance(value, str | float | int)
        ],
        "accepted_issue": _accepted(programme.corrections_file, schools),
    }
    written = {tables()[f"reference.{name}"]: list(rows) for name, rows in content.items()}
    for words in GROWING:
        take_up_words(con, words, _named(written, words))
    for table, those in written.items():
        create_table(con, table)
        insert_rows(con, table.full_name, [c.name for c in table.columns], those)


def _named(written: dict[Table, list[tuple[Any, ...]]], words: str) -> set[str]:
    """The words of a list that reference tables are to hold."""
    return {
        row[at]
        for table, rows in written.items()
        for at, column in enumerate(table.columns)
        if column.words == words
        for row in rows
        if row[at] is not None
    }


def reading_fingerprint(con: duckdb.DuckDBPyConnection, told: list[str]) -> str:
    """SHA-256 of all that decides how files are read: settings, scales, and what is `told`."""
    found = [__version__, *told] + [
        str(con.execute(f"from reference.{table} order by all").fetchall())
        for table in ("subject", "scale", "outcome", "school", "term")
    ]
    return _sha256(found)


def enrolment_fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    """SHA-256 of all that, beside the files, decides who is enrolled in which team."""
    return _sha256([__version__, str(con.execute("from reference.team order by all").fetchall())])


def judging_fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    """SHA-256 of all that checks and flags are made from: every setting, scale, team and file."""
    found = [__version__]
    for name in tables():
        if name.startswith("reference."):
            found.append(str(con.execute(f"from {name} order by all").fetchall()))
    files = "select file_id, status, read_with from landing.export_file order by all"
    return _sha256([*found, str(con.execute(files).fetchall())])


def made_from(con: duckdb.DuckDBPyConnection, stage: str) -> str | None:
    """Fingerprint of what a stage was last made from; None where it never was."""
    sql = "select sha256 from audit.made_from where stage = ?"
    found: str | None = first_value(con, sql, [stage])
    return found


def remember_made_from(con: duckdb.DuckDBPyConnection, stage: str, sha256: str) -> None:
    """Keep what a stage was made from."""
    con.execute("delete from audit.made_from where stage = ?", [stage])
    con.execute("insert into audit.made_from values (?, ?)", [stage, sha256])


def check_up_to_date(con: duckdb.DuckDBPyConnection) -> None:
    """Raises SettingsWrong where checks or flags were made from other files or settings."""
    now = judging_fingerprint(con)
    if any(made_from(con, stage) != now for stage in ("check", "flag")):
        raise SettingsWrong(
            "the files, settings, scales or teams have changed since the last check and flag, so "
            "pages and releases would mix two states. Run first: achievement run FOLDER"
        )


def _sha256(texts: list[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _named_values(settings: Settings) -> Iterable[tuple[str, Any]]:
    """Settings by name; those of the gate as `gate.…`, of risk as `risk.…`."""
    yield from settings.model_dump(exclude={"privacy"}).items()
    for name, value in settings.gate.model_dump().items():
        yield f"gate.{name}", value
    for name, value in settings.risk.model_dump().items():
        yield f"risk.{name}", float(value)


def _accepted(path: Path, schools: dict[int, int | None]) -> Rows:
    """Whether one still holds is part of it, so that checks are made anew when its day is past."""
    today = dt.date.today()
    for number, one in enumerate(read_accepted(path), start=1):
        school = one.school and (schools.get(one.school) or one.school)
        yield (
            *(number, one.issue, one.rule, school, one.academic_year, one.term, one.pupil),
            *(one.subject, one.reason, one.by, one.until, one.in_force(today)),
        )


def _terms(settings: Settings) -> Rows:
    for term_no in range(3 * FIRST_YEAR, 3 * LAST_YEAR + 3):
        term = Term(term_no)
        days = getattr(settings.calendar, term.term)
        yield (
            term.academic_year,
            term.term,
            term_no,
            *(day_in_term(term, day) for day in (days.starts_on, days.ends_on, days.counts_on)),
        )


def _due(settings: Settings) -> Rows:
    found = {
        (year_group, subject, term): due.kind
        for due in settings.due
        for year_group in due.year_groups
        for subject in due.subjects or settings.subjects
        for term in due.terms
    }
    return [(*key, kind) for key, kind in found.items()]


def _outcomes(scale: Scale) -> Rows:
    steps, points = scale.steps(), scale.points()
    for o in scale.outcomes:
        told = (o.outcome, points[o.outcome], steps[o.outcome])
        for text in (o.outcome, *o.also):
            yield scale.scale, text_key(text), *told, None, False, None, None
    for low in scale.too_low_for_points:
        low_step = scale.low_steps.index(low) + 1 if low in scale.low_steps else None
        yield scale.scale, text_key(low), low, None, None, None, True, low_step, None
    for met, codes in ((False, scale.not_met_without_points), (True, scale.met_without_points)):
        for code in codes:
            yield scale.scale, text_key(code), code, None, None, None, False, None, met
    for code, reason in scale.no_result.items():
        yield scale.scale, text_key(code), None, None, None, reason, False, None, None
    # Words such as "abs" stand for no result on every scale that does not use them itself.
    used = {text_key(t) for o in scale.outcomes for t in (o.outcome, *o.also)}
    used |= {text_key(t) for t in scale.codes()}
    for reason, texts in no_result_words().items():
        for key in dict.fromkeys(map(text_key, texts)):
            if key not in used:
                used.add(key)
                yield scale.scale, key, None, None, None, reason, False, None, None


def _expectations(scale: Scale) -> Rows:
    steps, points = scale.steps(), scale.points()
    higher = points[scale.higher] if scale.higher else None
    for year_group, by_term in scale.expected.items():
        for term, outcome in by_term.items():
            position = 3 * (YEAR_GROUPS.index(year_group) - 3) + TERMS.index(term)
            yield (
                *(scale.scale, year_group, term, position, outcome),
                *(points[outcome], steps[outcome], higher),
            )


def _frameworks(scale: Scale) -> Rows:
    for told in scale.framework:
        for outcome in told.outcomes:
            for year_group in told.year_groups or (None,):
                yield scale.scale, outcome, year_group, told.since, told.until


def _publisher_bands(scale: Scale) -> Rows:
    for publisher in scale.publisher:
        for number, band in enumerate(publisher.bands, start=1):
            yield (
                *(scale.scale, publisher.name, number, band.band, band.from_score),
                band.band == publisher.expected,
            )


def _papers(settings: Settings, scales: dict[str, Scale]) -> Rows:
    """Papers known by the scales, then those of the settings; a row for each name and year."""
    shipped = [
        (
            *(s.scale, name, p.subject, p.year_group, p.term, year, p.judged, None),
            *(p.expected_score, p.higher_score, None, None, f"scales/{s.scale}.toml"),
        )
        for s in scales.values()
        for p in s.paper
        for name in p.assessment or (None,)
        for year in p.academic_year or (None,)
    ]
    own = [
        (
            *(p.scale, p.assessment, p.subject, p.year_group, p.term, p.academic_year, True),
            *(p.bands, _line(p, scales[p.scale]), p.higher_score),
            *(p.standard_error, p.reliability, "pipeline.toml"),
        )
        for p in settings.paper
    ]
    for number, (scale, assessment, *rest) in enumerate(shipped + own, start=1):
        yield number, scale, assessment and " ".join(assessment.lower().split()), *rest


def _line(paper: Paper, scale: Scale) -> float | None:
    """The score that a paper expects: its own, else that of the publisher's bands it names."""
    if paper.bands is None:
        return paper.expected_score
    return next(p.line() for p in scale.publisher if p.name == paper.bands)


def _teams(path: Path, schools: dict[int, int | None]) -> Rows:
    if not path.exists():
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsWrong(f"{path.name}: not UTF-8 text. Save it as CSV UTF-8.") from None
    # The csv module alone knows which line ends are in quotes; a name may hold other separators.
    reader = csv.DictReader(io.StringIO(text, newline=""))
    reader.fieldnames = [
        " ".join(n.lower().split()).replace(" ", "_") for n in reader.fieldnames or ()
    ]
    missing = {"school", "class_name", "team"} - set(reader.fieldnames or ())
    if missing:
        raise SettingsWrong(
            f"{path.name}, line 1: no column '{sorted(missing)[0]}'. Expected the columns school, "
            f"class_name, team and, if wanted, team_leader, teacher, from_date, to_date."
        )
    rows, wrong = [], []
    for row in reader:
        values = {k: (v or "").strip() for k, v in row.items() if k and isinstance(v, str | None)}
        if not any(values.values()):
            continue
        number = values["school"].replace("/", "")
        if not (number.isascii() and number.isdigit() and len(number) in (6, 7)):
            wrong.append(f"line {reader.line_num}: 'school' is not a URN or LAESTAB (digits)")
        elif not (values["class_name"] and values["team"]):
            wrong.append(f"line {reader.line_num}: 'class_name' or 'team' is blank")
        else:
            days = [_day(values.get(c, "")) for c in ("from_date", "to_date")]
            if "wrong" in days:
                wrong.append(f"line {reader.line_num}: a date is not YYYY-MM-DD")
            people = [values.get(c) or None for c in ("team_leader", "teacher")]
            school = schools.get(int(number)) or int(number)
            rows.append((school, values["class_name"], values["team"], *people, *days))
    if wrong:
        raise SettingsWrong(f"{path.name}: {'; '.join(wrong)}. Correct the file and run again.")
    return rows


def _day(text: str) -> dt.date | str | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return "wrong"


def _check_scales_named(settings: Settings, scales: dict[str, Scale]) -> None:
    named = {p.scale for p in settings.paper} | {s for x in settings.school for s in x.meaning}
    unknown = sorted(named - set(scales))
    if unknown:
        raise SettingsWrong(
            f"pipeline.toml: {', '.join(map(repr, unknown))}: not the name of a scale; expected "
            f"one of {', '.join(sorted(scales))}. Correct it in 'paper.scale' or 'school.meaning'."
        )
    wrong = [
        f"'paper.{number}{fault}"
        for number, paper in enumerate(settings.paper, start=1)
        for fault in _paper_faults(paper, scales[paper.scale])
    ]
    if wrong:
        raise SettingsWrong(
            f"pipeline.toml: {'; '.join(wrong)}. Correct it and run again; docs/data-leads.md "
            f"lists the settings."
        )


def _paper_faults(paper: Paper, scale: Scale) -> Iterable[str]:
    """What a paper says that its scale cannot mean, each after the number of the paper."""
    if scale.kind == "ladder":
        yield f".scale' = '{scale.scale}': a ladder has no papers; expected a scale of scores"
        return
    scores = {"expected_score": paper.expected_score, "higher_score": paper.higher_score}
    if not scale.judged and (paper.bands or any(v is not None for v in scores.values())):
        yield (
            f".expected_score': the scale '{scale.scale}' has no pass mark; it is shown and never "
            f"judged. Take the score out"
        )
        return
    low, high = scale.minimum, scale.maximum
    for key, score in scores.items() if scale.kind == "score" else ():
        if score is None:
            continue
        if (low is not None and score < low) or (high is not None and score > high):
            yield f".{key}' = {score:g}: expected a score of '{scale.scale}', {low:g} to {high:g}"
    names = [p.name for p in scale.publisher]
    if paper.bands is not None and paper.bands not in names:
        known = ", ".join(names) or "none, as the scale describes no bands"
        yield f".bands' = '{paper.bands}': expected one of {known}"
    if paper.bands is not None and paper.expected_score is not None:
        yield ".bands' and 'expected_score' both say what is expected; give one of them"
