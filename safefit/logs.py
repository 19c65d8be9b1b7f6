"""Structured logs: one JSON object a line, with nothing personal in it."""

from __future__ import annotations

from typing import Any

import structlog


class Formatter(structlog.stdlib.ProcessorFormatter):
    """Standard-library and structlog records alike, as JSON with a UTC time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        shared: list[structlog.typing.Processor] = [
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ]
        super().__init__(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=shared,
        )
