"""The fitted weights of the linker's evidence, in a small JSON file."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from models.complaint import Complaint
from models.linking.evidence import PRIORS

FORMAT = "ostpulse linker 1"
DECIMALS = 3


class LinkWeightsError(Complaint):
    """Weights that cannot be used; the message says what is wrong with them."""


@dataclass(frozen=True)
class LinkWeights:
    """Log-odds by the name of the evidence, and what is known of the fit."""

    values: Mapping[str, float]
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> bytes:
        """Changes with any weight."""
        return hashlib.blake2b(repr(sorted(self.values.items())).encode(), digest_size=8).digest()

    def to_bytes(self) -> bytes:
        """As a file: JSON, a weight a line."""
        content = {
            "format": FORMAT,
            **self.metadata,
            "weights": {k: round(v, DECIMALS) for k, v in self.values.items()},
        }
        return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def weights_from_bytes(data: bytes) -> LinkWeights:
    """What `to_bytes` made; raises LinkWeightsError for anything else and for weights of other evidence."""
    try:
        content = json.loads(data)
        values = {str(name): float(value) for name, value in content.pop("weights").items()}
        kind = content.pop("format")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LinkWeightsError(f"not the weights of a linker: {error}") from None
    if kind != FORMAT:
        raise LinkWeightsError(f"weights of another kind ({kind!r}); fit them again: ostpulse train")
    if values.keys() != PRIORS.keys():
        names = ", ".join(sorted(values.keys() ^ PRIORS.keys()))
        raise LinkWeightsError(f"weights fitted for other evidence ({names}); fit them again: ostpulse train")
    for name, value in values.items():
        if not math.isfinite(value) or value * PRIORS[name] < 0:
            raise LinkWeightsError(f"damaged weights: {name} is {value}")
    return LinkWeights(values, content)


@cache
def packaged_weights() -> LinkWeights:
    """The weights that ship with ostpulse."""
    return weights_from_bytes((files("models") / "data" / "linker.json").read_bytes())
