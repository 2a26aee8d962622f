"""The columns of the fix list's sheets: heading, width in characters, and what stands in a row."""

from collections.abc import Callable
from typing import Any

from pipeline.reports.fix_list import OWNERS, found, how_serious, pupil, run_day, since

Column = tuple[str, float, Callable[[Any], Any]]
TO_MEND: tuple[Column, ...] = (
    ("Done", 6, lambda r: ""),
    ("Mended on", 11, lambda r: ""),
    ("How serious", 11, how_serious),
    ("Rule", 20, lambda r: r.title),
    ("File", 22, lambda r: r.file_name or "the school's data as a whole"),
    ("Line", 6, lambda r: r.line),
    ("Pupil", 17, pupil),
    ("Admission number", 11, lambda r: r.admission_number),
    ("Class", 9, lambda r: r.class_name),
    ("What was found", 34, found),
    ("What to do", 40, lambda r: r.fix),
    ("In which system", 15, lambda r: r.system),
    ("Told", 11, since),
    ("Key", 18, lambda r: r.issue_key),
)
ACCEPTED: tuple[Column, ...] = (
    *TO_MEND[2:10],
    ("Why the school accepts it", 40, lambda r: r.reason),
    ("Until", 11, lambda r: f"{r.until:%d/%m/%Y}"),
    TO_MEND[13],
)
MENDED: tuple[Column, ...] = (
    ("No longer found on", 12, lambda r: run_day(r.mended_run)),
    ("Was for", 14, lambda r: OWNERS[r.owner].lower()),
    *TO_MEND[3:8],
    ("What was found", 40, found),
    ("Key", 18, lambda r: r.issue_key),
)
