"""The page /-/quality: how good the tags and links of the packaged models are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from models.evaluation.recorded import packaged
from tracker.quality.page import page
from tracker.quality.prose import TITLE

if TYPE_CHECKING:
    from datasette.app import Datasette

_MARKED = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")


async def show(datasette: Datasette, request: Request) -> Response:
    """The page, of the figures that ship with ostpulse; it asks the database nothing."""
    variables: dict[str, Any] = {"title": TITLE, "sections": page(packaged()), "worded": worded}
    return Response.html(await datasette.render_template("quality.html", variables, request=request))


def worded(text: str) -> Markup:
    """A paragraph, escaped, with `code` and **strong** words in their elements."""
    words, at = Markup(), 0
    for found in _MARKED.finditer(text):
        element = Markup("<code>{}</code>") if found[1] else Markup("<strong>{}</strong>")
        words += Markup.escape(text[at : found.start()]) + element.format(found[1] or found[2])
        at = found.end()
    return words + Markup.escape(text[at:])
