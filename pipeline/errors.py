"""What a user can mend, as exceptions: each is shown without a traceback and has its exit code.

A message has four parts: where, what was found, what was expected, what to do next. It never
quotes a pupil's value.
"""


class Mendable(Exception):
    """Something that the user, not the programmer, can put right."""

    exit_code = 1


class WrongUsage(Mendable):
    """The command was given words it does not take."""

    exit_code = 2


class ExportRefused(Mendable):
    """An export could not be read or has no layout."""

    exit_code = 10


class GateFailed(Mendable):
    """The accuracy gate failed for a school; everything is loaded and reports are made."""

    exit_code = 11


class SettingsWrong(Mendable):
    """Settings, layouts, scales, rules or the pseudonym key are wrong."""

    exit_code = 12


class WarehouseInUse(Mendable):
    """Another run holds the warehouse."""

    exit_code = 13


class SurroundingsWrong(Mendable):
    """Disk, permissions, a file open elsewhere, or other surroundings."""

    exit_code = 14


class Defect(Exception):
    """The program has caught itself in an error: its own sums or checks do not hold."""

    exit_code = 1
