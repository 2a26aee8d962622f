"""The check: at a million results and at a country's, beside its peer, and what it finds.

`accuracy.json`, beside this file, holds what the campaign of planted errors found; docs/accuracy.md
shows it, made by `python -m pipeline.accuracy.document`.
"""

import json
from pathlib import Path

from benchmarks.ingest import NATIONAL_MEMORY, PEER_SCHOOLS, Rows
from benchmarks.measure import Measured, measure
from benchmarks.national import SCHOOLS, make_national
from benchmarks.wrong_export import make_wrong
from pipeline.accuracy.loading import start_import
from pipeline.accuracy.rules import Rule, read_rules, rules_folder
from tests.planted_campaign import Honest, Recall, honest, planted
from tests.planted_schools import Size

KEPT = Path(__file__).with_name("accuracy.json")
SIZE = Size(schools=44, year_groups=(1, 2, 3, 4, 5, 6), per_class=20)
ERRORS, SEED = 2_000, 1
# Rules that find what the checks of peer_expectations.py find.
SAME_RULES = (
    *("upn_missing", "upn_format", "temporary_upn", "date_of_birth_missing", "sex_missing"),
    *("class_missing", "result_blank", "outcome_not_on_scale", "row_year_group", "row_subject"),
    *("row_term", "group_code", "two_results"),
)
# Enough to find rows in a million; what is found goes to a file where it does not fit.
FINDING_MEMORY = "100MB"
CHECKED = (("a million results", PEER_SCHOOLS), ("a national term", SCHOOLS))


def national(work: Path) -> Rows:
    """All rules and the verdict, at a million results and at 13.5 million."""
    found: Rows = []
    for what, schools in CHECKED:
        export = work / "term.csv"
        make_national(export, schools)
        folder = _programme(work / f"of {schools}", export, NATIONAL_MEMORY)
        told, ran = _check(folder)
        found.append(
            (
                f"{what} ({told['results']:,}): {told['rules']} rules and the verdict",
                f"{told['seconds']:.1f} s, {ran.peak_mb:,.0f} MB",
            )
        )
    return found


def peer(work: Path) -> Rows:
    """What the pandas engine of Great Expectations can do of it, in the same run."""
    sound, export = work / "sound.csv", work / "term.csv"
    make_national(sound, PEER_SCHOOLS)
    make_wrong(sound, export)
    folder = _programme(work / "ours", export, "500MB")
    told, ran = _check(folder)
    same, ran_same = _check(folder, *SAME_RULES)
    _allow(folder, FINDING_MEMORY)
    found, ran_found = _check(folder, "--finding", *SAME_RULES)
    script = measure(["-m", "benchmarks.peer_expectations", str(folder / "exports" / "term.csv")])
    theirs = json.loads(script.output.splitlines()[-1])
    return [
        (
            f"{theirs['checks']} checks by Great Expectations' pandas engine, failing rows asked "
            f"for, {theirs['rows']:,} rows",
            f"{theirs['seconds']:.1f} s, {script.peak_mb:,.0f} MB",
        ),
        (
            f"  the same rows found by ours, `memory_limit` {FINDING_MEMORY}",
            _beside(found["seconds"], ran_found, theirs, script),
        ),
        (
            "  with issues, counts, history, gate and the verdict",
            _beside(same["seconds"], ran_same, theirs, script),
        ),
        (
            f"  all {told['rules']} rules by ours, {told['issues']:,} issues",
            _beside(told["seconds"], ran, theirs, script),
        ),
    ]


def _beside(seconds: float, ran: Measured, theirs: dict[str, float], script: Measured) -> str:
    return (
        f"{seconds:.1f} s, {ran.peak_mb:,.0f} MB: "
        f"{theirs['seconds'] / seconds:.0f} times faster, "
        f"{ran.peak_mb / script.peak_mb:.2f} of the memory"
    )


def campaign(work: Path) -> Rows:
    """Errors planted at known places, and a world in which nothing is wrong."""
    expectations = start_import()
    sound = honest(work / "sound", SIZE, SEED, expectations)
    recall = planted(work / "planted", SIZE, SEED + 1, ERRORS, expectations)
    rules = read_rules(rules_folder())
    KEPT.write_text(_kept(rules, sound, recall), encoding="utf-8", newline="\n")
    by_severity = {r.code: r.header.severity for r in rules}
    errors = {code: r for code, r in recall.items() if by_severity[code] == "error"}
    asked = max(sound.classes_questioned.values(), default=0)
    return [
        (
            f"{sound.results:,} results, {sum(r.planted for r in recall.values()):,} errors of "
            f"{len(recall)} kinds planted",
            f"found {_share(recall):.1%}",
        ),
        (f"  of them {len(errors)} kinds of severity error", f"found {_share(errors):.1%}"),
        *(
            (
                f"  false alarms of severity {severity}, of {sound.rows:,} sound rows",
                f"{_alarms(sound, by_severity, severity) / sound.rows:.3%}",
            )
            for severity in ("error", "warning")
        ),
        (
            f"  honest classes that a rule questions, of {sound.classes:,}, the worst rule",
            f"{asked / sound.classes:.2%}",
        ),
    ]


def _share(recall: dict[str, Recall]) -> float:
    return sum(r.found for r in recall.values()) / sum(r.planted for r in recall.values())


def _alarms(sound: Honest, severities: dict[str, str], severity: str) -> int:
    return sum(n for code, n in sound.issues.items() if severities[code] == severity)


def _kept(rules: tuple[Rule, ...], sound: Honest, recall: dict[str, Recall]) -> str:
    """What the page shows, a rule a line."""
    lines = {
        rule.code: {
            "planted": recall[rule.code].planted if rule.code in recall else 0,
            "found": recall[rule.code].found if rule.code in recall else 0,
            "false_alarms": sound.issues.get(rule.code, 0),
            "classes_questioned": sound.classes_questioned.get(rule.code, 0),
        }
        for rule in sorted(rules, key=lambda r: r.code)
    }
    body = ",\n".join(f'    "{code}": {json.dumps(line)}' for code, line in lines.items())
    head = {"results": sound.results, "rows": sound.rows, "classes": sound.classes}
    told = "".join(f'  "{name}": {number},\n' for name, number in head.items())
    return f'{{\n{told}  "rules": {{\n{body}\n  }}\n}}\n'


def _check(folder: Path, *codes: str) -> tuple[dict[str, float], Measured]:
    ran = measure(["-m", "benchmarks.check_time", str(folder), *codes])
    return json.loads(ran.output.splitlines()[-1]), ran


def _programme(folder: Path, export: Path, memory: str) -> Path:
    """A programme folder that has taken the export in."""
    (folder / "exports").mkdir(parents=True)
    _allow(folder, memory)
    export.rename(folder / "exports" / "term.csv")
    measure(["-m", "pipeline", "ingest", str(folder)], accept=(0,))
    return folder


def _allow(folder: Path, memory: str) -> None:
    """What DuckDB may use from now on."""
    settings = f'memory_limit = "{memory}"\n'
    (folder / "pipeline.toml").write_text(settings, encoding="utf-8")
