"""Great Expectations takes seconds to import: this is done aside, while other stages work."""

import importlib
import os
import threading
from types import ModuleType


class BackgroundImport:
    """A module that is being imported in a thread of its own."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._module: ModuleType | None = None
        self._wrong: BaseException | None = None
        self._thread = threading.Thread(target=self._import, name=f"import {name}", daemon=True)
        self._thread.start()

    def ready(self) -> ModuleType:
        """The module, waited for. Raises what its import raised."""
        self._thread.join()
        if self._module is None:
            raise self._wrong or ImportError(self._name)
        return self._module

    def _import(self) -> None:
        try:
            self._module = importlib.import_module(self._name)
        except BaseException as wrong:  # handed to whoever waits, in `ready`
            self._wrong = wrong


def start_import() -> BackgroundImport:
    """Begin to import Great Expectations, with its telemetry off."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    return BackgroundImport("pipeline.accuracy.expectations")
