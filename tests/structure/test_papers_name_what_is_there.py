"""A file or folder that a page of the papers names is there: what was moved is looked for in vain by whoever reads.

Not here: the tests that the hazard log names (test_hazard_log.py), the code of the runbook (test_runbook.py).
Decisions (docs/adr) are left out: they name what was there on their day.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
MADE_BY_RUNNING = {"frontend/node_modules/"}


def not_there(text: str) -> list[str]:
    """What stands in backticks, holds a slash and no blank, and begins like a folder of ours."""
    named = set(re.findall(r"`([a-z_]+/[\w./*]*)`", text)) - MADE_BY_RUNNING
    return sorted(name for name in named if (ROOT / name.split("/")[0]).is_dir() and not any(ROOT.glob(name)))


@pytest.mark.parametrize("paper", [paper for paper in PAPERS if paper.name != "CHANGELOG.md"], ids=lambda one: one.name)
def test_every_file_that_a_paper_names_is_there(paper: Path) -> None:
    assert not_there(paper.read_text()) == []


def test_the_check_finds_what_is_gone_and_lets_be_what_is_no_place_of_ours() -> None:
    assert not_there(
        "`classes/gone.py`, `classes/places/booking.py`, `tests/unit/*/`, `/me/`, `and/or`, `wrk -t1`"
    ) == ["classes/gone.py"]
    assert sum(paper.read_text().count("`classes/") for paper in PAPERS) > 50, "the papers have moved: nothing is read"
