"""Where somebody lives, as far as the first half of their postcode tells. PURE: no Django.

Here: our own small table, and the guess. What lies on a border, or is not known here, is left open: it is a
suggestion to be put right, and nobody is let in or kept out by it. Called by the pages of registering.
"""

from __future__ import annotations

DORSET, HAMPSHIRE, ISLE_OF_WIGHT, ELSEWHERE = "Dorset", "Hampshire", "Isle of Wight", "elsewhere"

# First halves that lie within one county, or nearly so. Left out on purpose, because they lie in two: BH24, BH31, DT9,
# GU10, GU12, GU17, PO10, RG20, RG26, SO51, SP5, SP6, SP7, SP8 and SP9.
WITHIN = {
    DORSET: {
        "BH": (*range(1, 24),),
        "DT": (*range(1, 9), 10, 11),
    },
    HAMPSHIRE: {
        "BH": (25,),
        "GU": (11, 14, 30, 31, 32, 33, 34, 35, 46, 51, 52),
        "PO": (*range(1, 10), *range(11, 18)),
        "RG": (21, 22, 23, 24, 25, 27, 28, 29),
        "SO": (*range(14, 25), 30, 31, 32, 40, 41, 42, 43, 45, 50, 52, 53),
        "SP": (10, 11),
    },
    ISLE_OF_WIGHT: {"PO": tuple(range(30, 42))},
}
AREAS = {
    f"{letters}{number}": area
    for area, districts in WITHIN.items()
    for letters, numbers in districts.items()
    for number in numbers
}
OURS = frozenset({"BH", "DT", "GU", "PO", "RG", "SO", "SP", "BA", "TA", "EX", "BN"})  # near enough to be unsure of


def area_of(postcode: str) -> str:
    """The area, ELSEWHERE for one far away, or "" where it may be either. `postcode` as it is kept: "BH15 1AA"."""
    outward = postcode.partition(" ")[0].upper()
    letters = outward.rstrip("0123456789")
    if outward in AREAS:
        return AREAS[outward]
    return "" if not outward or letters in OURS else ELSEWHERE
