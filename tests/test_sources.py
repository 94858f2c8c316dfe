"""The list of live sources: what each states, what it needs, and how it fails without a network."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from conftest import ROOT
from network_fakes import FakeTime, a_client, section

from collectors.base import Refused, Unavailable
from collectors.sources import SOURCES, build, sources_table
from tracker.config import packaged_default, read_config

SETTINGS: dict[str, dict[str, Any]] = {
    "mastodon": {"servers": ("one.example", "two.example"), "hashtags": ("ost", "kdrama"), "max_pages": 2},
    "youtube_feed": {"channels": ("UC" + "a" * 22,), "playlists": ("PLabcdefghij",)},
    "reddit_feed": {"subreddits": ("kdrama+kpop",), "searches": ("kdrama OST",)},
    "lemmy": {"servers": ("one.example", "two.example"), "searches": ("ost", "kdrama")},
    "reddit": {"subreddits": ("kdrama",), "searches": ("OST",), "max_posts": 100},
}
KEYS = {"REDDIT_CLIENT_ID": "an-id", "REDDIT_CLIENT_SECRET": "canary"}


def test_every_source_states_its_facts() -> None:
    assert set(SOURCES) == set(SETTINGS)
    for name, facts in SOURCES.items():
        assert facts.name == name
        assert facts.needs_key == bool(facts.key_variables)
        assert all([facts.platform, facts.limits, facts.deletion, facts.cannot_tell])


def test_youtube_counters_are_neither_kept_nor_mixed_like_the_others() -> None:
    assert (SOURCES["youtube_feed"].retention_days, SOURCES["youtube_feed"].mixable) == (30, False)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_source_can_be_built_and_plans_its_round(name: str) -> None:
    with a_client() as client:
        collector = build(name, section(**SETTINGS[name]), client, clock=FakeTime().clock, environment=KEYS)
        assert collector.facts is SOURCES[name]
        assert len(collector.queries()) == len(set(collector.queries())) > 1


@pytest.mark.parametrize("name", SETTINGS)
def test_only_sources_with_a_key_ask_for_one(name: str) -> None:
    with a_client() as client:
        if not SOURCES[name].needs_key:
            build(name, section(**SETTINGS[name]), client, clock=FakeTime().clock, environment={})
            return
        with pytest.raises(Refused, match=" and ".join(SOURCES[name].key_variables)):
            build(name, section(**SETTINGS[name]), client, clock=FakeTime().clock, environment={})


def test_a_source_that_does_not_exist_is_our_own_mistake() -> None:
    with a_client() as client, pytest.raises(KeyError):
        build("myspace", section(), client, clock=FakeTime().clock, environment={})


@pytest.mark.parametrize("name", SETTINGS)
def test_without_a_network_each_host_is_one_clear_line_and_costs_no_time(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []

    def unknown(host: str, *_: object, **__: object) -> None:
        looked_up.append(host)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    fake_time, errors = FakeTime(), []
    with a_client(fake_time) as client:
        settings = section(**SETTINGS[name], **{"seconds_between_requests": 61.0})
        collector = build(name, settings, client, clock=fake_time.clock, environment=KEYS)
        for query in collector.queries():
            with pytest.raises(Unavailable) as raised:
                list(collector.collect(query, since=None))
            errors.append(str(raised.value))
    assert set(errors) == {f"{host}: cannot be reached (name not found)" for host in looked_up}
    assert len(looked_up) == len(set(looked_up))
    assert fake_time.slept == []


def test_the_packaged_configuration_fits_every_source() -> None:
    collect = read_config(packaged_default(), name="default.toml").collect
    with a_client() as client:
        for name in SOURCES:
            collector = build(name, getattr(collect, name), client, clock=FakeTime().clock, environment=KEYS)
            # No channel is shipped: a user adds the ones that matter to him.
            assert bool(collector.queries()) == (name != "youtube_feed")


def test_the_documented_table_is_what_the_code_says() -> None:
    documented = (ROOT / "docs" / "sources.md").read_text("utf-8")
    assert documented.split("<!-- table -->\n")[1].split("\n<!-- /table -->")[0] == sources_table()
