"""Page tests run where a browser is found. Elsewhere they are left out, and the run says so.

With the environment variable ACHIEVEMENT_BROWSER set to `required` they run in any case, and fail
where there is no browser.
"""

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
left_out: list[pytest.Item] = []


def browser_found() -> str | None:
    """Path of the first browser on the search path that the page tests know, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the page tests out where nothing could show a page."""
    if browser_found() or os.environ.get("ACHIEVEMENT_BROWSER") == "required":
        return
    left_out.extend(item for item in items if item.get_closest_marker("browser"))
    if left_out:
        items[:] = [item for item in items if not item.get_closest_marker("browser")]
        config.hook.pytest_deselected(items=left_out)


def pytest_report_collectionfinish() -> list[str]:
    """Say what was left out, and why."""
    if not left_out:
        return []
    return [f"{len(left_out)} page tests are left out: found none of {', '.join(BROWSERS)}"]
