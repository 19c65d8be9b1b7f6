"""How the forms of our own check came: by whom they were filled in, and how many came outside of their time."""

from __future__ import annotations

from typing import Final

from frontend.releases.figures import Figures
from frontend.releases.sections import Section, Table, timepoints_of

NAME, TITLE = "came", "How the forms came"
PARTS: Final = {
    "sent": "Sent in its time",
    "by_self": "By the person",
    "by_phone": "Read out by phone",
    "by_paper": "On paper",
    "by_scribe": "Typed by a supporter",
    "not_sent": "Not in its time",
    "outside": "Of these, sent at another time",
}
WORDS: Final = (
    "Who filled in the forms that count: the person, on a page; staff, who read out the exact words by phone or "
    "typed a paper form; or a supporter, in the person’s words. People may tell somebody who asks otherwise than they "
    "tell a page: where more are asked by phone than before, averages can differ for that alone.",
    "A form that came outside of its time stands in no other figure.",
)


def of_everyone(figures: Figures) -> list[Section]:
    """Empty in a release without: an earlier one, or one of a single area. A form due from nobody has no row."""
    points = [
        one
        for one in timepoints_of(figures.release)
        if figures.has(f"forms.{one.code}.by_self") and figures.value(f"forms.{one.code}.due") != 0
    ]
    if not points:
        return []
    rows = [[one.label, *(figures.words(f"forms.{one.code}.{part}") for part in PARTS)] for one in points]
    return [Section(NAME, TITLE, [Table(TITLE, ["Form", *PARTS.values()], rows)], WORDS)]
