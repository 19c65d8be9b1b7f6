"""Disclosure control: nobody can be singled out in a release. PURE: no Django, no rows, no clock.

The way through, called by releases/figures.py:

    figures = Figures(Tables({"area": ("Dorset", "Poole")}), counts=(Count(...), ...), splits=..., means=...)
    protected = protect(figures, k=8)                                    # Protected(cells, structure, k)
    report = attack(protected.cells, protected.structure, protected.k)   # Report(breaches, ...), .survived

* `Figures.counts`: funnel stages, due, paired, visits: each with `values` by group (EVERYONE too),
  `within` its earlier stage, `sensitive=False` where 0 and "all of them" say nothing of a person.
* `Figures.splits`: improved + same + worse = the count `whole`; each part becomes a measure.
* `Figures.means`: mean change with its interval, mean before and after, spread, effect size, over the count `of`.
* `Figures.derived`: percentages, bounds, shares and how far they lie apart, each worked out from shown counts alone.
* `Figures.sums`: counts that add up to another, as places attended, given back late and missed do.
* Each `Cell(table, measure, group, status, value, low, high, decimal_places, reason)` is one stored cell;
  `group` is its `where`. Parts that were merged stand as withheld, beside a cell of the merged name;
  a merged name has cells only where it is used.
* `Structure.as_dict()` has the `dims`, `measures` and `sums` of the exported file; `from_dict` reads them back.
  Status small stands for `structure.lowest_hidden(measure)` to k-1: a sensitive measure hides its 0 too.

`FiguresDisagree` and `CannotJudge` are the named refusals. The rules R1-R6 are in rules.py, derived.py and means.py,
R11 in repair.py, R12 in attack.py.
"""

from outcomes.disclosure.attack import Report, attack
from outcomes.disclosure.countings import Earlier, View, joined
from outcomes.disclosure.packing import packed, unpacked
from outcomes.disclosure.puzzle import NO_DEADLINE, Breach, Deadline
from outcomes.disclosure.repair import protect
from outcomes.disclosure.shapes import (
    EVERYONE,
    NO_COUNT,
    Cell,
    Group,
    How,
    Kind,
    Minimums,
    Protected,
    Reason,
    Status,
    Structure,
    Tables,
    TablesTangled,
    words_of,
)
from outcomes.disclosure.sheet import Labels, Line, Sheet, put_together
from outcomes.disclosure.solver import CannotJudge
from outcomes.disclosure.truths import (
    Contributions,
    Count,
    Derived,
    Estimate,
    Figures,
    FiguresDisagree,
    Mean,
    People,
    Split,
    structure_of,
)
from outcomes.disclosure.union import Union

__all__ = [
    "EVERYONE",
    "Breach",
    "CannotJudge",
    "Cell",
    "Contributions",
    "Count",
    "NO_DEADLINE",
    "Deadline",
    "Derived",
    "Estimate",
    "Figures",
    "FiguresDisagree",
    "Group",
    "How",
    "Kind",
    "Mean",
    "NO_COUNT",
    "Minimums",
    "People",
    "Protected",
    "Reason",
    "Report",
    "Split",
    "Status",
    "Structure",
    "Tables",
    "TablesTangled",
    "Earlier",
    "Labels",
    "Line",
    "Sheet",
    "Union",
    "View",
    "attack",
    "joined",
    "packed",
    "protect",
    "put_together",
    "structure_of",
    "unpacked",
    "words_of",
]
