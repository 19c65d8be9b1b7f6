"""Where a cancer began: what people choose from, with its codes and the group in which it is counted. PURE: no Django.

Here: reading and checking the list that content holds (content/cancer_sites_v1.toml). Not here: the groups and what
is kept of somebody (models/about.py), asking (about.py). Called by about.py.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

SHIPPED: Final = Path(__file__).parents[1] / "content" / "cancer_sites_v1.toml"
OTHER: Final = "other"  # the one to which somebody may add words of their own
ICD_10: Final = re.compile(r"(C\d\d(-C\d\d)?(, )?)*")
LONGEST_CODE: Final = 20
_TURN: Final = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


class BadSites(ValueError):
    """Content that cannot be used; names the code, and what of it is wrong."""


@dataclass(frozen=True)
class Site:
    """`snomed` and `icd10` are empty where no one code says it, or none was checked."""

    code: str
    label: str
    group: str
    icd10: str
    snomed: str


@cache
def shipped_sites(groups: tuple[str, ...]) -> dict[str, Site]:
    """By code, in the order in which they are asked."""
    return read_sites(tomllib.loads(SHIPPED.read_text()), groups=groups)


def read_sites(content: Mapping[str, Any], *, groups: Collection[str]) -> dict[str, Site]:
    """Check and freeze what content says. Every group can be chosen by its own name. Raises BadSites."""
    sites = [Site(**raw) for raw in content["site"]]
    by_code = {site.code: site for site in sites}
    if len(by_code) < len(sites):
        raise BadSites("a code stands twice")
    if missing := {*groups} - {site.group for site in sites if site.code == site.group}:
        raise BadSites(f"groups without a site of their name: {sorted(missing)}")
    for site in sites:
        _check(site, groups)
    return by_code


def _check(site: Site, groups: Collection[str]) -> None:
    if site.group not in groups or len(site.code) > LONGEST_CODE:
        raise BadSites(f"{site.code}: group or length of the code")
    if not ICD_10.fullmatch(site.icd10):
        raise BadSites(f"{site.code}: ICD-10 {site.icd10}")
    if site.snomed and not is_snomed(site.snomed):
        raise BadSites(f"{site.code}: SNOMED CT {site.snomed}")


def is_snomed(code: str) -> bool:
    """Whether its check digit (Verhoeff) fits and it names a concept: a code with a slip of the pen does not."""
    return code.isdigit() and code[-3:-1] in ("00", "10") and _verhoeff(code) == 0


def _verhoeff(code: str) -> int:
    check = 0
    for place, digit in enumerate(reversed(code)):
        turned = int(digit)
        for _ in range(place % 8):
            turned = _TURN[turned]
        check = _product(check, turned)
    return check


def _product(one: int, other: int) -> int:
    """In the group of turns and reflections of a pentagon."""
    if one < 5:
        return (one + other) % 5 if other < 5 else 5 + (one + other) % 5
    return 5 + (one - other) % 5 if other < 5 else (one - other) % 5
