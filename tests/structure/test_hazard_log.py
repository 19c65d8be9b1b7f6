"""The hazard log names tests that are there, and says each control once."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LOG = ROOT / "docs" / "clinical-safety.md"
BEGINNING = 50  # a row that begins like another is the same control in older words


def faults_of(log: str, sources: str) -> list[str]:
    named = re.findall(r"`(test_[a-z0-9_]+)…?`", log)
    gone = [f"no test is called {name}" for name in named if f"def {name}" not in sources]
    rows = [row for row in log.split("\n") if row.startswith("| ") and not row.startswith("| control |")]
    begun = Counter(row[:BEGINNING] for row in rows if not set(row) <= set("|- "))
    return gone + [f"said twice: {row}" for row, times in begun.items() if times > 1]


def everything_that_is_tested() -> str:
    return "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))


def test_each_control_is_said_once_and_its_tests_are_there() -> None:
    log = LOG.read_text()
    assert log.count("`test_") > 300, "the log has moved: this check reads nothing"
    assert faults_of(log, everything_that_is_tested()) == []


def test_the_check_finds_a_test_that_is_gone_and_a_control_that_is_said_twice() -> None:
    said = "| nobody is let in who is not cleared, by whatever way they come"
    log = f"{said} | `a.py` | `test_gone` |\n{said}, also late | `a.py` | `test_there` |"
    assert faults_of(log, "def test_there() -> None:") == [
        "no test is called test_gone",
        f"said twice: {said[:BEGINNING]}",
    ]
