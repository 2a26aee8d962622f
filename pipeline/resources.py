"""Where the project's own data lies: schemas, notebooks, sample.

An installed package carries it inside itself; a checkout has it beside the package.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Path of one of the project's own files or folders, such as `resource("data_schemas")`."""
    inside = PACKAGE / "_data"
    root = inside if inside.is_dir() else PACKAGE.parent
    return root.joinpath(*parts)
