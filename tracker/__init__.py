"""Config, storage, schedule, report, explorer and command line."""

__version__ = "0.1.0"
