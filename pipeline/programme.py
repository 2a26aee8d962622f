"""A programme folder: where each thing lies in it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.calendar import Term
from pipeline.settings import Settings, read_settings


@dataclass(frozen=True)
class Programme:
    """A folder with `pipeline.toml`; settings are read, and judged, when first used."""

    folder: Path

    @cached_property
    def settings(self) -> Settings:
        return read_settings(self.settings_file)

    @property
    def settings_file(self) -> Path:
        return self.folder / "pipeline.toml"

    @property
    def exports(self) -> Path:
        return self.folder / "exports"

    @property
    def teams_file(self) -> Path:
        return self.folder / "teams.csv"

    @property
    def removed_file(self) -> Path:
        return self.folder / "removed.toml"

    @property
    def corrections_file(self) -> Path:
        return self.folder / "corrections.toml"

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def ledger(self) -> Path:
        return self.archive / "ledger.jsonl"

    @property
    def norms(self) -> Path:
        return self.folder / "norms"

    @property
    def private(self) -> Path:
        """Where a run keeps what no one else may read; wiped at its start and end."""
        return self.folder / ".private"

    def reports(self, term: Term) -> Path:
        return self.folder / "reports" / term.label

    def release(self, name: str) -> Path:
        return self.folder / "evaluators" / name
