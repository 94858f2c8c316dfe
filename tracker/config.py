"""Settings from config.toml: every mistake named at once, with file, line and key."""

from __future__ import annotations

import difflib
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from models.complaint import Complaint

SECRET_WORDS = ("secret", "password", "token", "api_key", "apikey", "client_id")


class ConfigError(Complaint):
    """A configuration that cannot be used; one line a problem, each with file, line and key."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Database(_Section):
    """Where everything is kept; the key that hashes authors lies beside it as PATH.key."""

    path: Path = Path("ostpulse.db")


class CatalogueFiles(_Section):
    """The user's own catalogue files, relative to the configuration file."""

    files: tuple[Path, ...] = ()


class Http(_Section):
    """How politely, and for how long, a site is asked."""

    contact: str = ""
    timeout_seconds: float = Field(default=20, gt=0, le=120)
    deadline_seconds: float = Field(default=60, gt=0, le=600)
    max_body_mb: float = Field(default=20, gt=0, le=1000)
    retry_after_max_seconds: float = Field(default=120, ge=0, le=3600)


class SourceSettings(_Section):
    """What every source has: on or off, its pace, and another address to stand in for its own."""

    enabled: bool = True
    every_minutes: int = Field(default=60, ge=1)
    base_url: str | None = None
    seconds_between_requests: float = Field(default=1.0, ge=0)

    @field_validator("base_url")
    @classmethod
    def _is_http(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("an address starts with http:// or https://")
        return value


class Mastodon(SourceSettings):
    """Hashtag timelines of several servers, joined by the post's uri."""

    servers: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    max_pages: int = Field(default=5, ge=1, le=50)


class YouTubeFeed(SourceSettings):
    """The Atom feeds of channels and playlists: the last 15 videos of each."""

    channels: tuple[Annotated[str, Field(pattern=r"^UC[\w-]{22}$")], ...] = ()
    playlists: tuple[Annotated[str, Field(pattern=r"^[\w-]{10,}$")], ...] = ()


class RedditFeed(SourceSettings):
    """Reddit's Atom feeds, without a login."""

    subreddits: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()


class Lemmy(SourceSettings):
    """The search of several Lemmy servers, joined by ap_id."""

    servers: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()


class Reddit(SourceSettings):
    """Reddit through PRAW, for those who hold a key."""

    subreddits: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()
    max_posts: int = Field(default=100, ge=1, le=1000)


class Collect(_Section):
    """One section a source, under the source's own name."""

    mastodon: Mastodon = Mastodon()
    youtube_feed: YouTubeFeed = YouTubeFeed()
    reddit_feed: RedditFeed = RedditFeed()
    lemmy: Lemmy = Lemmy()
    reddit: Reddit = Reddit()


class Score(_Section):
    """What of the scoring a user may change; everything else is in docs/scoring.md."""

    half_life_days: float = Field(default=14, ge=3, le=90)
    suppress_below_coverage: float = Field(default=0.5, ge=0, le=1)


class Report(_Section):
    """Where and when the weekly report is written; the day and hour are Korean."""

    folder: Path = Path("reports")
    day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "tue"
    hour: int = Field(default=9, ge=0, le=23)
    top: int = Field(default=20, ge=1, le=200)


class Serve(_Section):
    """The explorer; it listens on 127.0.0.1 only."""

    port: int = Field(default=8001, ge=1, le=65535)


class Config(_Section):
    """The whole configuration; `origin` is the file it was read from, for messages."""

    database: Database = Database()
    catalogue: CatalogueFiles = CatalogueFiles()
    http: Http = Http()
    collect: Collect = Collect()
    score: Score = Score()
    report: Report = Report()
    serve: Serve = Serve()


def packaged_default() -> str:
    """The text of the configuration that ships with ostpulse."""
    return (files("tracker") / "data" / "default.toml").read_text("utf-8")


def load_config(path: Path | None = None) -> Config:
    """Read `path`, else config.toml of the working directory where there is one, else the packaged default.

    Raises ConfigError listing every problem as 'file:line: key: what', one a line.
    """
    found = path or (Path("config.toml") if Path("config.toml").is_file() else None)
    if found is None:
        return read_config(packaged_default(), name="the packaged default.toml")
    try:
        text = found.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        raise ConfigError(f"{found}: {reason}") from None
    config = read_config(text, name=str(found))
    own = tuple((found.parent / file) for file in config.catalogue.files)
    return config.model_copy(update={"catalogue": CatalogueFiles(files=own)})


def read_config(text: str, *, name: str) -> Config:
    """Check the text of a configuration; what it leaves out is as packaged. See `load_config` for the errors."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: {error}") from None
    _refuse_secrets(tables, text, name)
    try:
        return Config.model_validate(_over(tomllib.loads(packaged_default()), tables))
    except ValidationError as error:
        raise ConfigError("\n".join(_problem_line(problem, text, name) for problem in error.errors())) from None


def _over(below: Any, above: Any) -> Any:
    """`above`, with the keys it leaves out taken from `below`, section by section."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    return {**below, **{key: _over(below.get(key), value) for key, value in above.items()}}


def _problem_line(problem: object, text: str, name: str) -> str:
    details = dict(problem)  # type: ignore[call-overload]
    path = [str(step) for step in details["loc"]]
    key = ".".join(path)
    message = details["msg"].removeprefix("Value error, ")
    if details["type"] == "extra_forbidden":
        message = "unknown setting" + _did_you_mean(path)
    return f"{name}:{_line_of(path, text)}: {key}: {message}"


def _did_you_mean(path: list[str]) -> str:
    section: type[BaseModel] | None = Config
    for step in path[:-1]:
        field = section.model_fields.get(step) if section else None
        annotation = field.annotation if field else None
        section = annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
    close = difflib.get_close_matches(path[-1], section.model_fields if section else [], 1)
    return f", did you mean '{close[0]}'?" if close else ""


def _line_of(path: list[str], text: str) -> int:
    """The line of the deepest key of `path` that can be found: the section's header, then the key below it."""
    names = [step for step in path if not step.isdigit()]
    best, section = 1, ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("["):
            section = line.split("]")[0].lstrip("[").strip()
            if names[: section.count(".") + 1] == section.split("."):
                best = number
        elif "=" in line:
            full = [*filter(None, section.split(".")), *line.split("=")[0].strip().split(".")]
            if full == names[: len(full)]:
                return number
    return best


def _refuse_secrets(tables: dict[str, object], text: str, name: str, path: tuple[str, ...] = ()) -> None:
    for key, value in tables.items():
        here = (*path, key)
        if isinstance(value, dict):
            _refuse_secrets(value, text, name, here)
        elif any(word in key.lower() for word in SECRET_WORDS):
            line = _line_of(list(here), text)
            raise ConfigError(
                f"{name}:{line}: {'.'.join(here)}: keys and passwords come from the environment, never from a file"
            )
