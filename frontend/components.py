"""Our own components, gathered under one name for every template: `ui`.

Here: the list of macro files and the object that finds a macro in them. Not
here: the macros (jinja2/frontend/components/). Called by safefit/jinja.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment

FILES = ("actions", "lists", "cards", "tables", "notices", "forms", "telephone")


class Components:
    """`ui.tag("Full", "full")` in a template draws the macro `tag` of whichever file holds it."""

    def __init__(self, env: Environment) -> None:
        self._env = env

    def __getattr__(self, name: str) -> Callable[..., Any]:
        for file in FILES:
            macro = getattr(self._env.get_template(f"frontend/components/{file}.html").module, name, None)
            if macro is not None:
                return macro  # type: ignore[no-any-return]
        raise AttributeError(f"There is no component called {name!r} in frontend/jinja2/frontend/components/.")
