"""Seconds of a check, all rules and the verdict, after Great Expectations has been imported.

python -m benchmarks.check_time PROGRAMME_FOLDER [--finding] [RULE_CODE …]
"""

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from pipeline.accuracy.check import check, find_issues
from pipeline.accuracy.loading import start_import
from pipeline.accuracy.rules import read_rules, rules_folder
from pipeline.programme import Programme
from pipeline.reference import load_reference
from pipeline.warehouse.connection import open_warehouse
from pipeline.warehouse.query import first_value


def main(folder: Path, codes: list[str]) -> None:
    """Check the folder's warehouse and print what it took, as JSON.

    With `--finding` as the first of `codes` only the rows that break the rules are found.
    """
    finding = codes[:1] == ["--finding"]
    codes = codes[finding:]
    with tempfile.TemporaryDirectory() as some:
        for code in codes:
            shutil.copy(rules_folder() / f"{code}.sql", some)
        rules = Path(some) if codes else rules_folder()
        print(json.dumps(_find(folder, rules) if finding else _check(folder, rules)))


def _find(folder: Path, rules: Path) -> dict[str, float]:
    programme = Programme(folder)
    programme.private.mkdir(mode=0o700, exist_ok=True)
    with open_warehouse(programme) as con:
        load_reference(con, programme)
        con.begin()
        started = time.perf_counter()
        find_issues(con, "a-run", read_rules(rules))
        seconds = time.perf_counter() - started
        con.rollback()
    return {"seconds": seconds}


def _check(folder: Path, rules: Path) -> dict[str, float]:
    expectations = start_import()
    expectations.ready()
    programme = Programme(folder)
    programme.private.mkdir(mode=0o700, exist_ok=True)
    with open_warehouse(programme) as con:
        load_reference(con, programme)
        started = time.perf_counter()
        verdicts = check(con, "a-run", programme, None, expectations, rules=rules)
        seconds = time.perf_counter() - started
        results = first_value(con, "select count(*) from core.result")
        issues = first_value(con, "select count(*) from accuracy.issue")
    return {"seconds": seconds, "rules": verdicts.rules, "results": results, "issues": issues}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
