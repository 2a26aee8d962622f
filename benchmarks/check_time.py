"""Seconds of a check, all rules and the verdict, after Great Expectations has been imported.

python -m benchmarks.check_time PROGRAMME_FOLDER
"""

import json
import sys
import time
from pathlib import Path

from pipeline.accuracy.check import check
from pipeline.accuracy.loading import start_import
from pipeline.programme import Programme
from pipeline.reference import load_reference
from pipeline.warehouse.connection import open_warehouse
from pipeline.warehouse.query import first_value


def main(folder: Path) -> None:
    """Check the folder's warehouse and print what it took, as JSON."""
    expectations = start_import()
    expectations.ready()
    programme = Programme(folder)
    with open_warehouse(programme) as con:
        load_reference(con, programme)
        started = time.perf_counter()
        verdicts = check(con, "a-run", programme, None, expectations)
        seconds = time.perf_counter() - started
        results = first_value(con, "select count(*) from core.result")
        issues = first_value(con, "select count(*) from accuracy.issue")
    told = {"seconds": seconds, "rules": verdicts.rules, "results": results, "issues": issues}
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
