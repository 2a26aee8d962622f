"""A typed value of a workbook or of Parquet as the text that stands for it, nothing lost."""

import datetime as dt
from decimal import Decimal


def text_of(value: object) -> str:
    """4.0 is "4"; a day is YYYY-MM-DD; a moment YYYY-MM-DD HH:MM:SS; blank is "".

    Raises TypeError for what no cell holds.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        # The shortest text that reads back as the same number.
        return repr(value + 0.0).removesuffix(".0")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.timedelta):
        return _duration(value)
    return _moment(value)


def _moment(value: object) -> str:
    if isinstance(value, dt.datetime):
        day = _whole_seconds(value.replace(tzinfo=None))
        return day.isoformat(" ") if day.time() != dt.time() else day.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.replace(microsecond=0, tzinfo=None).isoformat()
    raise TypeError("neither text, number, date nor time")


def _whole_seconds(moment: dt.datetime) -> dt.datetime:
    """To the nearest second: a spreadsheet's moment is a fraction of a day, and seldom exact."""
    whole = moment.replace(microsecond=0)
    try:
        return whole + dt.timedelta(seconds=1) if moment.microsecond >= 500_000 else whole
    except OverflowError:
        return whole


def _duration(value: dt.timedelta) -> str:
    """Hours may be more than 24; what goes back in time has a minus."""
    seconds = round(value.total_seconds())
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if seconds < 0 else ''}{hours:02d}:{minutes:02d}:{rest:02d}"
