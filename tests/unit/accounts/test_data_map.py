"""docs/data-map.md is made from the models, complete and up to date."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.data_map import OF_LIBRARIES, OURS, data_map, library_models, our_models


def test_the_file_in_the_repository_is_up_to_date() -> None:
    call_command("data_map", "--check")


def test_the_check_fails_when_the_file_is_missing_or_old(tmp_path: Path) -> None:
    file = tmp_path / "docs" / "map.md"
    with pytest.raises(CommandError, match="Run: python manage.py data_map"):
        call_command("data_map", "--check", file=file)
    call_command("data_map", file=file, stdout=StringIO())
    call_command("data_map", "--check", file=file)
    file.write_text(file.read_text() + "by hand")
    with pytest.raises(CommandError, match="out of date"):
        call_command("data_map", "--check", file=file)


def test_every_field_that_is_held_stands_in_it() -> None:
    document = data_map()
    for label in OURS:
        for model in our_models(label):
            for group in model.held:  # type: ignore[attr-defined]
                assert f"{', '.join(group.names)} | {group.purpose}" in document, model


def test_every_table_of_a_library_is_classified() -> None:
    assert set(library_models()) == set(OF_LIBRARIES)
