"""What the runbook tells to type into a shell can be typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from accounts.history import log_read
from accounts.models import Agreement, Programme, User
from participants.models import Participant

pytestmark = pytest.mark.django_db
RUNBOOK = Path(__file__).resolve().parents[2] / "docs" / "runbook.md"
SET_UP, WHO_HAS_READ = re.findall(r"^```python\n(.*?)^```", RUNBOOK.read_text(), re.DOTALL | re.MULTILINE)


def type_in(words: str) -> None:
    exec(compile(words, str(RUNBOOK), "exec"), {})


def test_a_partner_is_set_up_as_it_says(programme: Programme) -> None:
    type_in(SET_UP)
    agreement = Agreement.objects.get()
    assert (agreement.organisation.slug, agreement.programme) == ("alliance", programme)


def test_who_has_read_about_somebody_is_told_by_name(
    pat: Participant, dee: User, capsys: pytest.CaptureFixture[str]
) -> None:
    log_read(target=pat.person, purpose="desk", what="details", by=dee.person)
    type_in(WHO_HAS_READ.replace("SF-XXXX-XXXX", pat.reference))
    assert dee.person.full_name in capsys.readouterr().out
