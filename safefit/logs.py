"""Structured logs: one JSON object a line, with nothing personal in it.

Here: how a line is made, whoever wrote it: structlog, Django or a library. Some
addresses carry a key that opens something (a half-finished registration, an
invitation, a new password), and the database names the row that it refuses, so a
line is searched once it is whole: the path of a request, the text of an exception
and what a library adds are all in it then.
"""

from __future__ import annotations

import logging.config
import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[hidden]"
_SLASH = r"(?:/|%2F)"  # an address may stand inside another one, such as ?next=
_KEYED = ("join/return", "help", "reply", "feed", "account/password/new")
_ADDRESSES = "|".join(_SLASH.join(address.split("/")) for address in _KEYED)
_KEY = r"""(?:[^/\s?&#"'<>%\\]|%(?!2F)|\\u)+"""  # \u: how JSON writes a letter that is not ASCII
_SECRET = re.compile(f"({_SLASH}(?:{_ADDRESSES}){_SLASH}){_KEY}", re.IGNORECASE)
# What PostgreSQL adds to an error: the values, or the whole row, up to the next error of a traceback or the end of the
# string. In JSON: a quote or a new line inside it is two letters, the first of them a backslash.
_NEXT = "The above exception was the direct cause|During handling of the above exception"
_ROW = re.compile(rf'(DETAIL:\s*+)(?:[^"\\]|\\(?!n\\n(?:{_NEXT})).)++')

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def mask(text: str) -> str:
    """`text` with the key of every address that carries one taken out."""
    return _SECRET.sub(rf"\1{HIDDEN}", text)


class MaskedJSON(structlog.processors.JSONRenderer):
    """The last step: the line as JSON, with no key and no row of the database in it."""

    def __call__(self, logger: WrappedLogger, name: str, event_dict: EventDict) -> str:
        line = super().__call__(logger, name, event_dict)
        return mask(_ROW.sub(rf"\1{HIDDEN}", line if isinstance(line, str) else line.decode()))


class Formatter(structlog.stdlib.ProcessorFormatter):
    """Standard-library and structlog records alike, as JSON with a UTC time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                MaskedJSON(),
            ],
            foreign_pre_chain=SHARED,
        )


def configure(config: dict[str, Any]) -> None:
    """Called by Django with settings.LOGGING: what structlog writes goes through the same handlers and formatter."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
