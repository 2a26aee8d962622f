"""The check: at a million results and at a country's, beside its peer, and what it finds.

`accuracy.json`, beside this file, holds what the campaign of planted errors found; docs/accuracy.md
shows it, made by `python -m pipeline.accuracy.document`.
"""

import json
from pathlib import Path

from benchmarks.ingest import NATIONAL_MEMORY, PEER_SCHOOLS, Rows
from benchmarks.measure import Measured, measure
from benchmarks.national import SCHOOLS, make_national
from pipeline.accuracy.loading import start_import
from pipeline.accuracy.rules import Rule, read_rules, rules_folder
from tests.planted_campaign import Honest, Recall, honest, planted
from tests.planted_schools import Size

KEPT = Path(__file__).with_name("accuracy.json")
SIZE = Size(schools=44, year_groups=(1, 2, 3, 4, 5, 6), per_class=20)
ERRORS, SEED = 2_000, 1
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
    export = work / "term.csv"
    make_national(export, PEER_SCHOOLS)
    folder = _programme(work / "ours", export, "500MB")
    told, ran = _check(folder)
    script = measure(["-m", "benchmarks.peer_expectations", str(folder / "exports" / "term.csv")])
    theirs = json.loads(script.output.splitlines()[-1])
    return [
        (
            f"{told['results']:,} results, {told['rules']} rules and the verdict",
            f"{told['seconds']:.1f} s, {ran.peak_mb:,.0f} MB",
        ),
        (
            f"  the {theirs['checks']} of them that Great Expectations' pandas engine can do, "
            f"failing rows asked for",
            f"{theirs['seconds']:.1f} s, {script.peak_mb:,.0f} MB; "
            f"{theirs['seconds'] / told['seconds']:.0f} times ours, "
            f"{script.peak_mb / ran.peak_mb:.1f} times the memory",
        ),
    ]


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


def _check(folder: Path) -> tuple[dict[str, float], Measured]:
    ran = measure(["-m", "benchmarks.check_time", str(folder)])
    return json.loads(ran.output.splitlines()[-1]), ran


def _programme(folder: Path, export: Path, memory: str) -> Path:
    """A programme folder that has taken the export in."""
    (folder / "exports").mkdir(parents=True)
    settings = f'memory_limit = "{memory}"\n'
    (folder / "pipeline.toml").write_text(settings, encoding="utf-8")
    export.rename(folder / "exports" / "term.csv")
    measure(["-m", "pipeline", "ingest", str(folder)], accept=(0,))
    return folder
