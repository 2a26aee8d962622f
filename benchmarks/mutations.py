"""Five hundred spoilt files: how many were refused, and how long the slowest took."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pipeline.warehouse.connection import open_warehouse
from tests.campaign import Sent, campaign, faults

FILES = 500
TOGETHER = 10
# Groups that took longer than this are sent once more, file by file.
LOOK_CLOSER = 10.0


def rows(work: Path) -> list[tuple[str, str]]:
    """What to write into the table of figures. Stops where something does not hold."""
    seconds, slow, statuses = 0.0, list[int](), Counter[str]()
    for first in range(0, FILES, TOGETHER):
        numbers = range(first, first + TOGETHER)
        sent = _sent(work, numbers, statuses)
        seconds += sent.seconds
        if sent.seconds > LOOK_CLOSER:
            slow += numbers
    alone = _sent(work, [], Counter()).seconds
    each = {n: _sent(work, [n], Counter()).seconds - alone for n in slow}
    slowest = (
        f"{max(each.values()):.1f} s (file {max(each, key=lambda n: each[n])})"
        if each
        else f"less than {LOOK_CLOSER:.0f} s"
    )
    told = ", ".join(f"{n} {status}" for status, n in sorted(statuses.items()))
    return [
        (f"{FILES} spoilt files, {TOGETHER} at a time", f"{seconds:.0f} s; tables: {told}"),
        ("  tracebacks, hangs, rows unaccounted for, pupils' values shown", "0"),
        ("  the slowest file, beside a folder without it", slowest),
    ]


def _sent(work: Path, numbers: Sequence[int], statuses: "Counter[str]") -> Sent:
    with tempfile.TemporaryDirectory(dir=work) as folder:
        sent = campaign(Path(folder), numbers)
        wrong = faults(sent)
        if wrong:
            raise SystemExit(f"spoilt files {list(numbers)}: " + "; ".join(wrong))
        with open_warehouse(sent.programme, read_only=True) as con:
            for status, files in con.execute(
                "select status, count(*) from landing.export_file group by status"
            ).fetchall():
                statuses[status] += files
    return sent
