"""What moved between two countings, and who stands behind a mean: in columns as one person after the other."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.disclosure import Line, Sheet, Structure, Tables, packed, put_together, unpacked
from outcomes.disclosure.sheet import moved
from outcomes.disclosure.sums import JOINED, LEFT, STAYED, sizes_of
from tests.factories.one_by_one import groups_of, lines_in

Lines = dict[str, Line]
DIMS = {"area": ("Dorset", "Poole"), "age": ("young", "old"), "sex": ("female", "male")}
TABLES = Tables(DIMS, (("area", "age"),))
MEASURES = ("due", "n", "improved", "visits")
STRUCTURE = Structure(TABLES, MEASURES, {"n": "due", "improved": "n"}, (), frozenset(), {"change": "n"}, {}, {})

amounts = st.dictionaries(st.sampled_from((*MEASURES, "change", "before")), st.integers(0, 2).map(float))
places = st.tuples(*(st.sampled_from((*values, "elsewhere", None)) for values in DIMS.values()))
lines = st.builds(
    lambda where, found: Line(tuple((n, v) for n, v in zip(DIMS, where, strict=True) if v is not None), found),
    places,
    amounts,
)
sheets = st.dictionaries(st.integers(1, 12).map(str), lines, max_size=8)
NOBODY = Line((), {})


def _told(line: Line) -> dict[tuple[str, Any], float]:
    """The amount of somebody in each measure of each group that they are in."""
    groups = groups_of(line) & set(TABLES.everywhere)
    return {(name, group): amount for name, amount in line.amounts.items() for group in groups}


def _changed(before: Lines, now: Lines) -> list[set[tuple[str, Any]]]:
    each = [(_told(before.get(token, NOBODY)), _told(now.get(token, NOBODY))) for token in before.keys() | now.keys()]
    return [{key for key in old.keys() | new.keys() if old.get(key) != new.get(key)} for old, new in each]


@given(before=sheets, now=sheets)
@settings(max_examples=40, deadline=None)
def test_what_moved_is_what_changed_of_each(before: Lines, now: Lines) -> None:
    found = moved(Sheet.of(before), Sheet.of(now), STRUCTURE)
    changed = _changed(before, now)
    assert +found.in_all == Counter(key for of_one in changed for key in of_one)
    number_of = {name: number for number, family in enumerate(STRUCTURE.families()) for name in family}
    touched = ({(number_of[name], group) for name, group in one if name in number_of} for one in changed)
    assert +found.touched == Counter(key for of_one in touched for key in of_one)


@given(before=sheets, now=sheets)
@settings(max_examples=40, deadline=None)
def test_whoever_keeps_their_score_and_their_group_stayed_and_the_others_left_or_joined(
    before: Lines, now: Lines
) -> None:
    found = sizes_of(["change", "before"], TABLES, Sheet.of(before), Sheet.of(now))
    atoms = {group for leaf in TABLES.leaves for group in TABLES.of(leaf)}
    for name in ("change", "before"):
        expected: Counter[tuple[str, Any]] = Counter()
        for token in before.keys() | now.keys():
            each = (_told(of.get(token, NOBODY)) for of in (before, now))
            old, new = ({group: n for (of, group), n in told.items() if of == name and group in atoms} for told in each)
            for group in old.keys() | new.keys():
                if old.get(group) == new.get(group):
                    expected[STAYED, group] += 1
                else:
                    expected[LEFT, group] += group in old
                    expected[JOINED, group] += group in new
        assert found[name] == +expected


@given(one=sheets)
@settings(max_examples=15, deadline=None)
def test_two_sheets_put_together_have_the_lines_of_both_and_the_rows_of_each_group(one: Lines) -> None:
    events = {"event": Line((), {"due": 1}), "another": Line((("sex", "male"),), {"safety": 1})}
    both = put_together(Sheet.of(one), Sheet.of(events))
    found, expected = lines_in(both), one | events
    assert {token: (dict(line.places), line.amounts) for token, line in found.items()} == {
        token: (dict(line.places), line.amounts) for token, line in expected.items()
    }
    tokens = both.tokens.tolist()
    for group, rows in both.rows(TABLES).items():
        assert {tokens[row] for row in rows} == {
            token for token, line in (one | events).items() if group in groups_of(line)
        }


def test_whoever_is_forgotten_has_left_and_no_amount_of_theirs_is_kept() -> None:
    places = (("area", "Dorset"),)
    kept = Sheet.of({"12": Line(places, {"n": 1, "change": -40.5}), "7": Line(places, {"n": 1, "change": 3})})
    without = kept.without(["12", "99"], lambda: "-123456789")
    assert lines_in(without) == {
        "-123456789": Line(places, {"n": 0, "change": 0}),
        "7": Line(places, {"n": 1, "change": 3}),
    }
    kinds = moved(kept, without, STRUCTURE)
    assert kinds.in_all["n", ()] == 2, "whoever stood there has left, and somebody whom nobody knows is there"
    assert unpacked(packed(without)).tokens.tolist() == ["-123456789", "7"]


def test_a_score_that_is_worked_out_anew_to_the_last_bit_is_no_other_score() -> None:
    before = {str(n): Line((("area", "Dorset"),), {"n": 1, "change": n / 3}) for n in range(30)}
    now = {
        token: Line(line.places, {"n": 1, "change": line.amounts["change"] + 1e-12}) for token, line in before.items()
    }
    del now["7"]
    first, last = Sheet.of(before), Sheet.of(now)
    assert moved(first, last, STRUCTURE).in_all["change", ()] == 1
    sizes = sizes_of(["change"], Tables({"area": DIMS["area"]}), first, last)["change"]
    dorset = (("area", "Dorset"),)
    assert sizes == {(STAYED, dorset): 29, (LEFT, dorset): 1}
