"""The checks that Great Expectations' pandas engine can do by itself, with failing rows asked for.

    python -m benchmarks.peer_expectations EXPORT.csv

What a user of the library would write for one export in the standard columns. Prints the seconds
of the validation alone, after import and reading, as JSON.
"""

import json
import logging
import os
import sys
import time
from pathlib import Path

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd

UPN = "^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$"
TEMPORARY = "^[A-HJ-NP-RT-Z][0-9]{11}[A-HJ-NP-RT-Z]$"
YEAR_GROUPS = ["N1", "N2", "R", *map(str, range(1, 15))]
OUTCOMES = [*(f"PK{n}" for n in range(1, 7)), "PKF", "PKE", "PKG", "WTS", "EXS", "GDS", "A"]
# Which rows fail, as the fix list tells it: by line.
WITH_ROWS = {"result_format": "COMPLETE", "unexpected_index_column_names": ["line"]}
# By the rule that finds the same; `two_results` without looking whether the outcomes differ.
CHECKS = {
    "upn_missing": gxe.ExpectColumnValuesToNotBeNull(column="upn"),
    "upn_format": gxe.ExpectColumnValuesToMatchRegex(column="upn", regex=UPN),
    "temporary_upn": gxe.ExpectColumnValuesToNotMatchRegex(column="upn", regex=TEMPORARY),
    "date_of_birth_missing": gxe.ExpectColumnValuesToNotBeNull(column="date_of_birth"),
    "sex_missing": gxe.ExpectColumnValuesToNotBeNull(column="sex"),
    "class_missing": gxe.ExpectColumnValuesToNotBeNull(column="class_name"),
    "result_blank": gxe.ExpectColumnValuesToNotBeNull(column="outcome"),
    "outcome_not_on_scale": gxe.ExpectColumnValuesToBeInSet(column="outcome", value_set=OUTCOMES),
    "row_year_group": gxe.ExpectColumnValuesToBeInSet(column="year_group", value_set=YEAR_GROUPS),
    "row_subject": gxe.ExpectColumnValuesToBeInSet(
        column="subject", value_set=["maths", "reading", "writing"]
    ),
    "row_term": gxe.ExpectColumnValuesToBeInSet(
        column="term", value_set=["autumn", "spring", "summer"]
    ),
    "group_code": gxe.ExpectColumnValuesToBeInSet(column="sen", value_set=["N", "K", "E"]),
    "two_results": gxe.ExpectCompoundColumnsToBeUnique(
        column_list=["upn", "academic_year", "term", "subject", "scale", "assessment"]
    ),
}


def main(export: Path) -> None:
    """Read the export, validate it, print what it took."""
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    frame = pd.read_csv(export, dtype=str)
    frame["line"] = frame.index + 2
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    batch = (
        context.data_sources.add_pandas("pandas")
        .add_dataframe_asset("export")
        .add_batch_definition_whole_dataframe("all")
        .get_batch({"dataframe": frame})
    )
    suite = gx.ExpectationSuite(name="checks", expectations=list(CHECKS.values()))
    started = time.perf_counter()
    told = batch.validate(suite, result_format=WITH_ROWS)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "checks": len(told.results), "rows": len(frame)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
