"""The page that is shown while nothing of SafeFit answers: it can ask for nothing."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command


def test_it_stands_alone_and_says_whom_to_call(tmp_path):
    file = tmp_path / "down.html"
    call_command("down_page", str(file), words="Back at 3pm & <soon>.")
    page = file.read_text()
    assert "Back at 3pm &amp; &lt;soon&gt;." in page and settings.PHONE in page and "18001" in page and "999" in page
    assert re.findall(r'(?:src|href|action)="(?!tel:)[^"]*"|url\(|@import', page) == []
    call_command("down_page", str(file))
    assert "try again in a few minutes" in file.read_text()


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("down_page", str(tmp_path / "missing" / "down.html"))
