"""Texts as a page may show them: without characters that a reader cannot see, and not too long."""

import html
import re

LONGEST_NAME = 80
SPACES = re.compile(r"[\t\n\v\f\r\x85]+")
# Control characters (C0, delete and C1), and those that turn the direction of what follows them.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """A text safe within HTML, also within an attribute, and without unseen characters."""
    return html.escape(visible(text))


def visible(text: str) -> str:
    """Without control characters and turns of direction; a line break or tab becomes a space."""
    return UNSEEN.sub("", SPACES.sub(" ", text))


def name(text: str) -> str:
    """A name as a table has room for it: cut at 80 characters, which `…` then ends."""
    shown = visible(text)
    return shown if len(shown) <= LONGEST_NAME else shown[: LONGEST_NAME - 1].rstrip() + "…"
