"""What the runbook tells to type into a shell can be typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from accounts.history import log_read
from accounts.models import Organisation, User
from participants.models import Participant

pytestmark = pytest.mark.django_db
RUNBOOK = Path(__file__).resolve().parents[2] / "docs" / "runbook.md"
RENAME, WHO_HAS_READ = re.findall(r"^```python\n(.*?)^```", RUNBOOK.read_text(), re.DOTALL | re.MULTILINE)


def type_in(words: str) -> None:
    exec(compile(words, str(RUNBOOK), "exec"), {})


def test_an_organisation_is_renamed_as_it_says(alliance: Organisation) -> None:
    type_in(RENAME)
    alliance.refresh_from_db()
    assert alliance.name == "Example Alliance of the South"


def test_who_has_read_about_somebody_is_told_by_name(
    pat: Participant, dee: User, capsys: pytest.CaptureFixture[str]
) -> None:
    log_read(target=pat.person, purpose="desk", what="details", by=dee.person)
    type_in(WHO_HAS_READ.replace("SF-XXXX-XXXX", pat.reference))
    assert dee.person.full_name in capsys.readouterr().out
