"""What a command works with: the configuration, the catalogue and the database it was pointed at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.config import Config, ConfigError, load_config

if TYPE_CHECKING:
    from sqlite_utils import Database

    from models.catalogue import Catalogue
    from tracker.judge import Judge
    from tracker.pipeline import Pipeline


def now() -> datetime:
    """The wall clock; the command line and the daemon alone read it and pass it on."""
    return datetime.now(UTC)


@dataclass
class Workplace:
    """The options given before the command; everything behind them is opened when first asked for."""

    config_path: Path | None = None
    database_path: Path | None = None
    clock: Callable[[], datetime] = now

    @cached_property
    def config(self) -> Config:
        """The settings; raises ConfigError."""
        return load_config(self.config_path)

    @property
    def database(self) -> Path:
        """The database file: --db, else the configuration's."""
        return self.database_path or self.config.database.path

    @cached_property
    def catalogue(self) -> Catalogue:
        """The packaged catalogue with the user's own files; raises CatalogueError, ConfigError."""
        from models.catalogue import Source, load_catalogue

        return load_catalogue(Source(str(file), _read(file)) for file in self.config.catalogue.files)

    @contextmanager
    def writing(self, task: str, *, wait_seconds: float = 0) -> Iterator[Database]:
        """The database, to be written to by this process alone, with the catalogue in it."""
        from tracker.lock import only_writer
        from tracker.store import open_db
        from tracker.store_catalogue import save_catalogue

        self.database.parent.mkdir(parents=True, exist_ok=True)
        with only_writer(self.database, task=task, wait_seconds=wait_seconds):
            db = open_db(self.database)
            try:
                save_catalogue(db, self.catalogue, now=self.clock())
                yield db
            finally:
                db.conn.close()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """The database, to be read only; raises StoreError when it does not exist."""
        from tracker.store import open_to_read

        db = open_to_read(self.database)
        try:
            yield db
        finally:
            db.conn.close()

    def pipeline(self, db: Database) -> Pipeline:
        """The way of a post into `db`."""
        from tracker.authors import load_key
        from tracker.pipeline import Pipeline

        return Pipeline(db, self.catalogue, load_key(self.database), clock=self.clock, judge=self.judge(db))

    def judge(self, db: Database | None = None) -> Judge:
        """Linker and tagger with the weights last fitted in `db`, or with the packaged ones.

        Stored weights that this ostpulse cannot use are passed over with a line on standard error.
        """
        from models.linking.linker import Linker
        from models.tagging.tagger import load_tagger
        from tracker.judge import Judge
        from tracker.store_models import fitted_link_weights, fitted_tagger
        from tracker.terminal import complain

        weights = fitted_link_weights(db, on_stale=complain) if db is not None else None
        tagger = fitted_tagger(db, on_stale=complain) if db is not None else None
        return Judge(Linker(self.catalogue, weights), tagger or load_tagger())

    def judge_at_hand(self) -> Judge:
        """The judge of the database where there is one, for commands that need none; it is not made."""
        from tracker.store import StoreError
        from tracker.terminal import complain

        if not self.database.is_file():
            return self.judge()
        try:
            with self.reading() as db:
                return self.judge(db)
        except StoreError as error:
            complain(f"{error}; the packaged models are used")
            return self.judge()


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise ConfigError(f"{file}: catalogue.files: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: catalogue.files: is not UTF-8 text") from None
