"""Names of every script are kept; what nobody can see is found."""

from __future__ import annotations

import pytest

from accounts.letters import hidden_letter


@pytest.mark.parametrize(
    "name",
    [
        "Pat O’Brien-Smith",
        "Siân",
        "Sia\u0302n",  # the same with a mark of its own
        "Nguyễn Thị Ánh",
        "Ólafur Þórsson",
        "Łukasz",
        "Зинаида",
        "עֲמִית",
        "محمد",
        "علی\u200cرضا",  # a joiner of no width inside a Persian name
        "\u0d05\u0d28\u0d3f\u0d7b \u0d28\u0d4d\u200d",  # one after a sign of Malayalam, where the name ends
        "王小明",
        "김하늘",
        "田中\u3000花子",  # a wide space between names
        "Jean\u00a0Luc",
        "Björk 🙂",
        "",
    ],
)
def test_a_name_as_people_write_it_is_kept(name: str) -> None:
    assert hidden_letter(name) == ""


@pytest.mark.parametrize(
    "code",
    [0x00, 0x07, 0x09, 0x0A, 0x7F, 0x85, 0xAD, 0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2060,
     0x2066, 0x2069, 0x3164, 0x2800, 0xFEFF, 0xFFF9, 0xE000, 0xD800, 0xE0041],
)  # fmt: skip
def test_what_nobody_sees_is_named(code: int) -> None:
    assert hidden_letter(f"Pat {chr(code)}Quinn") == hidden_letter(chr(code)) == f"U+{code:04X}"


def test_a_joiner_that_joins_nothing_is_hidden() -> None:
    assert hidden_letter("\u200cPat") == hidden_letter("Pat \u200cQuinn") == "U+200C"
    assert hidden_letter("\U0001f469\u200d\u2695") == "U+200D"


def test_a_text_of_several_lines_may_have_them() -> None:
    assert hidden_letter("one\r\ntwo\tthree", lines=True) == ""
    assert hidden_letter("one\n\u202etwo", lines=True) == "U+202E"
