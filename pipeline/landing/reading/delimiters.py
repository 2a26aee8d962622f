"""Which character parts the columns of a text: found from its lines, never from the file's name."""

import csv
import re
from collections import Counter

DELIMITERS = (",", "\t", ";", "|")


def separator_line(line: str) -> str | None:
    """The separator that a first line `sep=;`, as Excel writes it, names: such a line is no data.

    It stays a physical line: what follows starts on line 2.
    """
    found = re.fullmatch(r'\ufeff?"?sep=(.)"?\s*', line, re.IGNORECASE)
    return found[1] if found and found[1] in DELIMITERS else None


def delimiter_of(lines: list[str]) -> str:
    """The character that parts the columns of these lines most evenly; comma for one column."""
    scores = {d: _evenness(lines, d) for d in DELIMITERS}
    best = max(DELIMITERS, key=lambda d: scores[d])
    return best if scores[best] > 0 else ","


def _evenness(lines: list[str], delimiter: str) -> float:
    """Columns of the commonest width, less for each row that has another."""
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
    return (rows / widths.total()) ** 2 * (width - 1)
