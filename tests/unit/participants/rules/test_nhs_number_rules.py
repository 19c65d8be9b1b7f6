from itertools import product

import pytest

from participants.rules.nhs_number_rules import NotANumber, Problem, ending_of, in_groups, read_number

GOOD = "9434765919"  # a published example that belongs to nobody


@pytest.mark.parametrize("typed", [GOOD, "943 476 5919", " 943-476-5919 ", "943\u2011476\u00a05919", "9434 765 919"])
def test_it_may_be_written_with_spaces_and_hyphens(typed):
    assert read_number(typed) == GOOD


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", Problem.NOT_FIGURES),
        ("943 476 591x", Problem.NOT_FIGURES),
        ("٩٤٣٤٧٦٥٩١٩", Problem.NOT_FIGURES),
        ("943476591", Problem.NOT_TEN),
        ("94347659190", Problem.NOT_TEN),
        ("1111111111", Problem.MISTYPED),
        ("0000000000", Problem.MISTYPED),
        ("1000000010", Problem.MISTYPED),  # the rest calls for a last figure of 10, which there is not
    ],
)
def test_what_cannot_be_one_is_refused_by_name(typed, problem):
    with pytest.raises(NotANumber) as refused:
        read_number(typed)
    assert refused.value.problem is problem


def test_any_one_wrong_figure_is_found():
    wrong = {GOOD[:place] + str(figure) + GOOD[place + 1 :] for place, figure in product(range(10), range(10))}
    for typed in wrong - {GOOD}:
        with pytest.raises(NotANumber):
            read_number(typed)
    assert len(wrong) == 91


def test_any_two_neighbours_that_changed_places_are_found():
    swapped = {GOOD[:place] + GOOD[place + 1] + GOOD[place] + GOOD[place + 2 :] for place in range(9)}
    for typed in swapped - {GOOD}:
        with pytest.raises(NotANumber):
            read_number(typed)
    assert len(swapped) == 9


def test_only_its_end_is_shown_and_whole_it_stands_in_groups():
    assert ending_of(GOOD) == "5919" and in_groups(GOOD) == "943 476 5919"
