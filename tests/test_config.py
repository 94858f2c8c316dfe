from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from tracker.config import Config, ConfigError, load_config, packaged_default, read_config


def test_the_packaged_default_says_what_the_code_says() -> None:
    assert read_config(packaged_default(), name="default.toml").database == Config().database


def test_the_config_at_the_root_is_the_packaged_default() -> None:
    assert (ROOT / "config.toml").read_text("utf-8") == packaged_default()


def test_every_mistake_is_named_at_once_with_file_line_and_key(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[collect.mastodon]\nservrs = []\n\n[serve]\nport = "many"\n\n[colect]\nx = 1\n', "utf-8")
    with pytest.raises(ConfigError) as found:
        load_config(file)
    assert str(found.value).splitlines() == [
        f"{file}:2: collect.mastodon.servrs: unknown setting, did you mean 'servers'?",
        f"{file}:5: serve.port: Input should be a valid integer, unable to parse string as an integer",
        f"{file}:7: colect: unknown setting, did you mean 'collect'?",
    ]


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[serve]\nport = = 3\n", "utf-8")
    with pytest.raises(ConfigError, match=r"config.toml: .*line 2"):
        load_config(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: No such file"):
        load_config(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("key", ["client_secret", "api_key", "password", "REDDIT_CLIENT_ID"])
def test_a_secret_in_the_file_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(ConfigError, match=rf"config.toml:2: collect.reddit.{key}: .*environment") as found:
        read_config(f'[collect.reddit]\n{key} = "hush-hush"\n', name="config.toml")
    assert "hush-hush" not in str(found.value)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('base_url = "file:///etc/passwd"', "base_url"),
        ("every_minutes = 0", "every_minutes"),
        ('channels = ["@handle"]', "channels"),
    ],
)
def test_values_that_cannot_be_are_refused(line: str, key: str) -> None:
    with pytest.raises(ConfigError, match=rf"config.toml:2: collect.youtube_feed.{key}"):
        read_config(f"[collect.youtube_feed]\n{line}\n", name="config.toml")


def test_catalogue_files_lie_beside_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[catalogue]\nfiles = ["mine.toml"]\n', "utf-8")
    assert load_config(file).catalogue.files == (tmp_path / "mine.toml",)
