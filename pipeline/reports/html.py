"""Small pieces of HTML. Every text is escaped: names come from files and are not to be trusted."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.reports.text import escape

SMALL = 12  # rows that fit on a printed page whole


class Block:
    """A piece of a page that a notebook cell ends with; `html` is already escaped."""

    def __init__(self, *parts: "str | Block") -> None:
        self.html: str = "\n".join(p.html if isinstance(p, Block) else p for p in parts if p)

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return "<a piece of the page>"

    def __bool__(self) -> bool:
        return bool(self.html)


def paragraph(text: str, css: str = "") -> Block:
    """A paragraph of plain text."""
    return Block(f"<p{_class(css)}>{escape(text)}</p>")


def heading(level: int, text: str) -> Block:
    """A heading of level 1 to 4."""
    return Block(f"<h{level}>{escape(text)}</h{level}>")


def bullets(texts: Sequence[str]) -> Block:
    """A list of plain texts; nothing where there are none."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return Block(f"<ul>{items}</ul>" if items else "")


def explained(entries: Sequence[tuple[str, str]]) -> Block:
    """A list of words, each in bold type, with what is said of them."""
    items = "".join(
        f"<li><strong>{escape(name)}</strong> {escape(text)}</li>" for name, text in entries
    )
    return Block(f"<ul>{items}</ul>" if items else "")


def panel(css: str, *parts: Block) -> Block:
    """Blocks set apart in a box."""
    return Block(f"<div{_class(css)}>", *parts, "</div>")


def link(address: str, text: str) -> Block:
    """A link to a page beside this one."""
    return Block(f'<a href="{escape(address)}">{escape(text)}</a>')


def stacked(first: str, second: str) -> Block:
    """Two lines of a cell, the second in small type; only the first where there is no second."""
    under = f"<br><small>{escape(second)}</small>" if second else ""
    return Block(f"{escape(first)}{under}")


def folded(shown: str, hidden: str) -> Block:
    """A text that opens to another, without any script."""
    return Block(f"<details><summary>{escape(shown)}</summary><p>{escape(hidden)}</p></details>")


@dataclass(frozen=True)
class Table:
    """A table: `columns` are its headings; `numbers` says which columns are figures.

    `cards` lists of pupils become one card a pupil on a narrow screen; other tables scroll.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    numbers: Sequence[int] = field(default=())
    cards: bool = False
    total: bool = False

    def block(self) -> Block:
        """The table as HTML; the first cell of a row is its heading."""
        head = "".join(
            f'<th scope="col"{_class("n" if i in self.numbers else "")}>{escape(c)}</th>'
            for i, c in enumerate(self.columns)
        )
        lines = []
        for at, row in enumerate(self.rows):
            last = self.total and at == len(self.rows) - 1
            cells = "".join(self._cell(i, value) for i, value in enumerate(row))
            lines.append(f"<tr{_class('total' if last else '')}>{cells}</tr>")
        body = "\n".join(lines)
        name = escape(self.caption)
        frame = "cards" if self.cards else "scroll"
        frame += " small" if len(self.rows) <= SMALL else ""
        return Block(
            f'<div class="{frame}" role="region" aria-label="{name}" tabindex="0">'
            f"<table><caption>{name}</caption>",
            f"<thead><tr>{head}</tr></thead>",
            f"<tbody>{body}</tbody></table></div>",
        )

    def _cell(self, index: int, value: Any) -> str:
        shown = value.html if isinstance(value, Block) else escape(str(value))
        if index == 0:
            return f'<th scope="row">{shown}</th>'
        label = f' data-label="{escape(self.columns[index])}"' if self.cards else ""
        return f"<td{_class('n' if index in self.numbers else '')}{label}>{shown}</td>"


def figure(svg: str, alt: str, caption: str) -> Block:
    """A picture with what it says in words for those who cannot see it."""
    data = base64.b64encode(svg.encode()).decode()
    return Block(
        f'<figure><img src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}">',
        f"<figcaption>{escape(caption)}</figcaption></figure>",
    )


def _class(css: str) -> str:
    return f' class="{css}"' if css else ""
