"""By when schools send, and by when they mend what was sent back, as the settings say."""

import datetime as dt

from pipeline.calendar import Term, day_in_term
from pipeline.settings import Settings, TermWindow


def send_by(settings: Settings, term: Term) -> dt.date:
    """The last day on which exports of a term are wanted."""
    own: TermWindow = getattr(settings.window, term.term)
    if own.send_by:
        return day_in_term(term, own.send_by)
    counts_on = day_in_term(term, getattr(settings.calendar, term.term).counts_on)
    return counts_on + dt.timedelta(days=settings.window.send_days)


def mend_by(settings: Settings, term: Term, sent_back: dt.date) -> dt.date:
    """The last day for mending what was sent back on a day; never before that day."""
    own: TermWindow = getattr(settings.window, term.term)
    if own.mend_by:
        return max(day_in_term(term, own.mend_by), sent_back)
    return sent_back + dt.timedelta(days=settings.window.mend_days)


def day_of_run(run_id: str) -> dt.date:
    """The day on which a run began; its number begins with it."""
    return dt.datetime.strptime(run_id[:8], "%Y%m%d").date()
