"""What a spreadsheet would work out is known alike where it goes out and where it comes in."""

from __future__ import annotations

import pytest

from accounts.lists.sheets import Formula, plain
from accounts.spreadsheets import harmless, is_formula

FORMULAS = (
    *("=1+1", "+1+a", "-1+1", "@cmd(1)", "＝1+1", "＋1+a", "－1+1", "＠cmd(1)", "﹦1", "﹢a", "﹣a", "﹫a"),
    *(" =1", "\t=1", "\r=1", "\n=1", "\r\n @a", "\u00a0=1", "\u3000＝1", "\ufeff=1", "\u200b+a", "\x00=1"),
)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_goes_out_as_text_and_does_not_come_in(text: str) -> None:
    assert is_formula(text) and harmless(text) == f"'{text}"
    assert plain(text) == Formula()


@pytest.mark.parametrize("text", ["\tDorset", "\rDorset", "\nDorset"])
def test_a_blank_that_some_drop_at_the_beginning_goes_out_as_text(text: str) -> None:
    assert harmless(text).startswith("'") and plain(text) == "Dorset"


@pytest.mark.parametrize("text", ["Dorset", "", " ", "1-2", "O'Neill", "a=b", " Dorset", "Ann\n=1"])
def test_what_is_none_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text and plain(text) == text.strip()


@pytest.mark.parametrize("text", ["+44 (0)1632 960-001", "-Ann"])
def test_a_telephone_number_and_a_name_come_in_and_go_out_as_text(text: str) -> None:
    assert plain(f" {text} ") == text and harmless(text) == f"'{text}"
