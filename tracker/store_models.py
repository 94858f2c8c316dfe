"""The table of models: weights fitted again from the user's labels, the newest of each kind in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from models.linking.weights import LinkWeights, LinkWeightsError, weights_from_bytes
from models.tagging.tagger import Tagger, TaggerError, tagger_from_bytes
from tracker.store import transaction

TAGGER, LINKER = "tagger", "linker"

OnStale = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class StoredModel:
    """Fitted weights of a TAGGER or a LINKER.

    `version` is their fingerprint, `checksum` that of all posts they were fitted on, `labels` how many of these were
    labelled by the user.
    """

    kind: str
    version: str
    checksum: str
    made_at: str
    labels: int
    weights: bytes


def save_models(db: Database, models: Iterable[StoredModel]) -> None:
    """Store fitted weights together: from now on they are the newest of their kinds."""
    with transaction(db) as connection:
        connection.executemany(
            "insert into models (kind, version, checksum, made_at, labels, weights) values (?, ?, ?, ?, ?, ?)",
            [(one.kind, one.version, one.checksum, one.made_at, one.labels, one.weights) for one in models],
        )


def forget_models(db: Database) -> int:
    """Delete all stored weights, so that the packaged ones are used again; returns how many there were."""
    with transaction(db) as connection:
        return connection.execute("delete from models").rowcount


def newest_model(db: Database, kind: str) -> StoredModel | None:
    """The weights of one kind that were stored last."""
    row = db.execute(
        """select kind, version, checksum, made_at, labels, weights from models where kind = ?
        order by id desc limit 1""",
        [kind],
    ).fetchone()
    return StoredModel(*row) if row else None


def fitted_tagger(db: Database, *, on_stale: OnStale) -> Tagger | None:
    """The tagger fitted last, or None; `on_stale` hears why one that this ostpulse cannot use is passed over."""
    if (model := newest_model(db, TAGGER)) is None:
        return None
    try:
        return tagger_from_bytes(model.weights)
    except TaggerError as error:
        on_stale(_stale(model, error))
        return None


def fitted_link_weights(db: Database, *, on_stale: OnStale) -> LinkWeights | None:
    """The weights of the linker fitted last, or None; see `fitted_tagger`."""
    if (model := newest_model(db, LINKER)) is None:
        return None
    try:
        return weights_from_bytes(model.weights)
    except LinkWeightsError as error:
        on_stale(_stale(model, error))
        return None


def _stale(model: StoredModel, error: Exception) -> str:
    reason = str(error).removesuffix("; fit them again: ostpulse train")
    return (
        f"the {model.kind} fitted on {model.made_at[:10]} is not used, the packaged one is: {reason}; "
        "fit it again: ostpulse train"
    )
