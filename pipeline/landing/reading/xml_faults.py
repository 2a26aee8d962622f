"""What is wrong with a file that the XML parser cannot read, in words for a school office."""

from pathlib import Path
from xml.parsers import expat

_E = expat.errors
_CUT_OFF = {
    _E.codes[text]
    for text in (
        _E.XML_ERROR_NO_ELEMENTS,
        _E.XML_ERROR_UNCLOSED_TOKEN,
        _E.XML_ERROR_PARTIAL_CHAR,
        _E.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}
_NOT_AS_DECLARED = _E.codes[_E.XML_ERROR_INCORRECT_ENCODING]
_NOT_A_CHARACTER = _E.codes[_E.XML_ERROR_INVALID_TOKEN]


def explained(wrong: expat.ExpatError, at: int, copy: Path) -> tuple[str, str]:
    """What was found and what was expected; `at` is the place of the fault in bytes."""
    if not copy.stat().st_size:
        return "the file is empty", "a Common Transfer File in XML"
    if wrong.code in _CUT_OFF:
        return "the file ends before it is complete", "</CTfile> as its last tag"
    if wrong.code == _NOT_AS_DECLARED or _is_beyond_ascii(wrong, at, copy):
        return (
            "the text is not in the encoding that the first line names (UTF-8 if it names none)",
            "the same encoding in both",
        )
    return "from here on it is not XML (a tag or a character out of place)", "well-formed XML"


def _is_beyond_ascii(wrong: expat.ExpatError, at: int, copy: Path) -> bool:
    if wrong.code != _NOT_A_CHARACTER:
        return False
    with copy.open("rb") as file:
        file.seek(max(at, 0))
        return file.read(1) >= b"\x80"
