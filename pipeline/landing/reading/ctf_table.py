"""What a Common Transfer File holds, as rows of standard columns."""

from collections import Counter
from dataclasses import dataclass, field

from pipeline.landing.reading.ctf_results import Codes

LASTING = ("upn", "former_upn", "surname", "forename", "date_of_birth", "sex", "ethnicity", "eal")
OF_THE_DAY = ("year_group", "enrol_status", "looked_after", "sen", "sen_need")
OF_A_RESULT = ("subject", "scale", "outcome", "assessment", "assessment_kind", "assessment_date")
OF_THE_FILE = ("school", "school_name", "academic_year", "term")
COLUMNS = (*OF_THE_FILE, *LASTING, *OF_THE_DAY, *OF_A_RESULT)


@dataclass
class CtfTable:
    """A file's results, and its pupils without one, as text in standard columns.

    `lines[i]` is the physical line on which the pupil of `rows[i]` starts and `items[i]` the place
    of the result within the pupil, from 1; 0 is a pupil who has no result that was understood.
    `set_aside` are results not understood: line, item, reason. Where two pupils start on one line,
    pupils are numbered instead, from 2 (`numbered_by_pupil`). `pupils` and `results` are counted
    as elements start; `unmapped` counts the codes of results that the table has no meaning for.
    `unsure` counts pupils of whom the file says two things of one kind: there the value is blank.
    `version` and `qualifier` are those of the header, blank where they are none that are known.
    """

    rows: list[dict[str, str]] = field(default_factory=list, repr=False)
    lines: list[int] = field(default_factory=list, repr=False)
    items: list[int] = field(default_factory=list, repr=False)
    set_aside: list[tuple[int, int, str]] = field(default_factory=list, repr=False)
    pupils: int = 0
    results: int = 0
    version: str = ""
    qualifier: str = ""
    numbered_by_pupil: bool = False
    unmapped: Counter[Codes] = field(default_factory=Counter)
    unsure: int = 0
