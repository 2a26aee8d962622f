"""The whole HTML page around a body: one style sheet inside it, and nothing from elsewhere."""

from functools import cache
from pathlib import Path
from string import Template

from pipeline.reports.text import escape

HERE = Path(__file__).parent


@cache
def _shell() -> tuple[Template, str]:
    shell = (HERE / "page.html").read_text(encoding="utf-8")
    return Template(shell), (HERE / "page.css").read_text(encoding="utf-8")


def page(title: str, body: str) -> str:
    """A whole HTML page around a body that is already HTML; the title is escaped here."""
    shell, css = _shell()
    return shell.substitute(title=escape(title), css=css, body=body)
