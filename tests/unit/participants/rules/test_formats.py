"""What each access need asks of a message: every kind against every way."""

from __future__ import annotations

import pytest

from participants.models import AccessNeedKind
from participants.rules.formats import (
    FORMATS,
    GROUPS,
    IN_ORDER,
    METHODS,
    PROFESSIONALS,
    SUPPORT,
    WAYS,
    closed_ways,
    print_size,
    unmet_by,
)

# kind → the ways by which what we send, print or say meets it; every way for what asks nothing of a message.
MET_BY = {
    "large_print": {"email", "text", "phone", "post"},
    "screen_reader": {"email", "text", "phone"},
    "easy_read": {"phone"},
    "braille": {"phone"},
    "audio": {"phone"},
    "bsl_video": set(),
    "language": set(),
    **dict.fromkeys(PROFESSIONALS, {"email", "text", "post"}),
    **dict.fromkeys((*SUPPORT, "other"), set(WAYS)),
    "by_email": {"email"},
    "by_text": {"text"},
    "by_phone": {"phone"},
    "by_relay": {"phone"},
    "by_post": {"post"},
}


def test_the_tables_name_every_kind_there_is() -> None:
    assert set(IN_ORDER) == set(MET_BY) == set(AccessNeedKind.values)
    shown = [kind for _, kinds in GROUPS for kind in kinds]
    assert sorted([*shown, "interpreter"]) == sorted(AccessNeedKind.values)  # asked about with the language


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", AccessNeedKind.values)
def test_each_kind_is_met_by_these_ways_and_no_others(kind: str, way: str) -> None:
    assert unmet_by(way, {kind}) == (() if way in MET_BY[kind] else (kind,))


@pytest.mark.parametrize("kind", PROFESSIONALS)
def test_a_call_through_a_relay_is_heard_without_a_professional(kind: str) -> None:
    assert unmet_by("phone", {kind, "by_relay"}) == ()


def test_what_is_left_unmet_is_named_whole_and_in_order() -> None:
    kinds = {"braille", "by_post", "language", "slow_speech"}
    assert unmet_by("email", kinds) == ("by_post", "braille", "language")
    assert unmet_by("post", kinds) == ("braille", "language")


def test_ways_are_closed_only_when_some_are_named() -> None:
    assert closed_ways({"braille"}) == frozenset()
    assert closed_ways({"by_email", "by_post"}) == {"phone", "text"}
    assert closed_ways(METHODS) == frozenset()


@pytest.mark.parametrize(
    ("details", "points"),
    [
        ((), 18),
        ((""), 18),
        (("24 point",), 24),
        (("20 point or larger",), 20),
        (("at least 22",), 24),
        (("16 point",), 18),
        (("48 point",), 32),
        (("18 point", "28 point"), 28),
        (("as large as it goes",), 18),
    ],
)
def test_a_letter_is_printed_in_the_size_that_was_noted_or_the_next_larger(
    details: tuple[str, ...], points: int
) -> None:
    assert print_size(details) == points


def test_every_format_is_met_by_some_way_or_by_none_and_says_which() -> None:
    assert set(FORMATS) <= set(MET_BY)
