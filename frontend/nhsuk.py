"""The door to the design system's macros.

Here: one environment for the templates of nhsuk-frontend-jinja, and `component`
to draw one of them from Python. Not here: which component a form field draws
(fields.py), our own components (jinja2/frontend/components/). Called by
fields.py and by safefit/jinja.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.utils.safestring import SafeString, mark_safe
from jinja2 import ChainableUndefined, Environment, PackageLoader

PREFIX = "nhsuk/"


@cache
def environment() -> Environment:
    """Theirs alone, because their macros ask for parameters that were never given; ours stay strict."""
    return Environment(loader=PackageLoader("nhsuk_frontend_jinja"), undefined=ChainableUndefined, autoescape=True)


def component(name: str, params: Mapping[str, object]) -> SafeString:
    """Draw the design system's component `name` ("date-input") as safe HTML.

    `params` are those of the design system's own documentation. Text in them
    is escaped; None counts as not given.
    """
    first, *rest = name.split("-")
    macro = first + "".join(word.capitalize() for word in rest)
    module = environment().get_template(f"{PREFIX}components/{name}/macro.jinja").module
    drawn = getattr(module, macro)({key: value for key, value in params.items() if value is not None})
    return mark_safe(str(drawn).strip())  # noqa: S308  the macros escape what they are given
