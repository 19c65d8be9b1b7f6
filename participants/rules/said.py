"""What a caller says about a person, told apart: names, a date of birth, a phone number, a reference, a postcode. PURE.

Here: reading one line of what was said, in any order and the spellings in use; a reference that is asked for alone.
Not here: who fits it (finding.py, which calls this), the page (desk/people.py).
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
OF_AGE = 18  # nobody younger takes part: a year in two figures is never one of the last eighteen
LETTERS = 8  # of a reference, after its SF
LEAST_FIGURES = 4  # of a telephone number: "it ends with 2222"

# Letters that are not another one with a mark on it; the search writes them alike on both sides.
WRITTEN_ALIKE = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
LEFT_OUT = "'’‘`´-‐‑.·"

_NUMBERS = re.compile(r"\b(\d{1,2})([./ -])(\d{1,2})\2(\d{4}|\d{2})\b")
_YEAR_FIRST = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_MONTH_NAMED = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s.-]+([a-z]{3,9})\.?,?[\s-]+(\d{4}|\d{2})\b", re.I)
_REFERENCE = re.compile(r"\bSF[- ]?([0-9A-Z]{4})[- ]?([0-9A-Z]{4})\b|\bSF-[0-9A-Z]+\b", re.I)
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s?(\d[A-Z]{2})\b", re.I)
_PHONE = re.compile(r"(?<![\w@])(?:\+|\(|00)?\d[\d\s()./-]{2,}\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_EMAIL = re.compile(r"\S+@\S+")
_MIXED = re.compile(r"(?=\w*\d)(?=\w*[A-Z])\w+", re.I)


class NoSuchDate(ValueError):
    """What looks like a date is none: `text`, as it was typed."""

    def __init__(self, text: str) -> None:
        super().__init__("no such date")
        self.text = text


@dataclass(frozen=True)
class Said:
    """One line, told apart. Everything in it must fit the person."""

    names: tuple[str, ...] = ()  # folded
    born: date | None = None
    year: int | None = None  # of birth, where only that was said
    phone: str = ""  # figures that stand in it
    references: tuple[str, ...] = ()  # capitals, without hyphens; each a whole one or a part
    postcode: str = ""  # capitals with its space: "BH15 1AA"
    codes: tuple[str, ...] = ()  # letters and figures: the first half of a postcode, or part of a reference
    email: str = ""

    def __bool__(self) -> bool:
        return self != Said()


def folded(words: str) -> str:
    """Small letters without accents, apostrophes and hyphens: José, jose; O’Brien, obrien."""
    bare = "".join(c for c in unicodedata.normalize("NFD", words.lower()) if not unicodedata.combining(c))
    for written, alike in WRITTEN_ALIKE.items():
        bare = bare.replace(written, alike)
    return "".join(c for c in bare if c not in LEFT_OUT)


def as_written(reference: str) -> str:
    """A reference as it is kept, however it was typed or said: "sf 2k4m 7pqr" is SF-2K4M-7PQR."""
    bare = re.sub(r"[^A-Z0-9]", "", reference.upper())
    bare = bare if len(bare) == LETTERS else bare.removeprefix("SF")  # its own letters may begin so, too
    return f"SF-{bare[:4]}-{bare[4:]}"


def read(line: str, *, today: date) -> Said:
    """Tell apart what was said. Raises NoSuchDate for "31.2.1950"."""
    rest = unicodedata.normalize("NFC", line)
    found: dict[str, object] = {}
    for name, pattern, reading in _WHOLE_THINGS:
        if match := pattern.search(rest):
            value = reading(match, today)
            if value is not None:
                found.setdefault(name, value)
                rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    return Said(**found, **_words(rest.replace(",", " ").split()))  # type: ignore[arg-type]


def _words(words: list[str]) -> dict[str, object]:
    """What is left: years, and letters mixed with figures; all else is a part of a name."""
    years = [int(word) for word in words if _YEAR.fullmatch(word)]
    codes = tuple(word.upper().replace("-", "") for word in words if _MIXED.fullmatch(word.replace("-", "")))
    others = [w for w in words if not _YEAR.fullmatch(w) and not _MIXED.fullmatch(w.replace("-", ""))]
    names = tuple(name for name in map(folded, others) if name)
    return {"names": names, "codes": codes, "year": years[0] if years else None}


def _born_in_numbers(match: re.Match[str], today: date) -> date | None:
    day, between, month, year = match.groups()
    return _date(day, int(month), year, today, match[0], surely=between in "./")


def _born_year_first(match: re.Match[str], today: date) -> date | None:
    year, month, day = match.groups()
    return _date(day, int(month), year, today, match[0], surely=True)


def _born_in_words(match: re.Match[str], today: date) -> date | None:
    day, month, year = match.groups()
    return _date(day, MONTHS[month.lower()], year, today, match[0], surely=True) if month.lower() in MONTHS else None


def _date(day: str, month: int, year: str, today: date, text: str, *, surely: bool) -> date | None:
    """`surely`: nothing but a date is written so. Otherwise it may be part of a telephone number."""
    try:
        return date(_full_year(year, today), month, int(day))
    except ValueError:
        if surely:
            raise NoSuchDate(text) from None
        return None


def _full_year(year: str, today: date) -> int:
    """50 is 1950, and 05 is 2005 once whoever was born then is of age."""
    if len(year) == 4:
        return int(year)
    this_century = today.year // 100 * 100 + int(year)
    return this_century if this_century <= today.year - OF_AGE else this_century - 100


def _reference(match: re.Match[str], today: date) -> tuple[str, ...]:
    return (re.sub(r"[- ]", "", match[0]).upper(),)


def _postcode(match: re.Match[str], today: date) -> str:
    return f"{match[1]} {match[2]}".upper()


def _email(match: re.Match[str], today: date) -> str:
    return match[0].lower()


def _phone(match: re.Match[str], today: date) -> str | None:
    """Its figures without country and first nought, as a number on record holds them too; part of one is enough."""
    typed = match[0].replace("(0)", "").strip()
    figures = re.sub(r"\D", "", typed)
    if _YEAR.fullmatch(typed) or len(figures) < LEAST_FIGURES:
        return None
    if typed.startswith("+") or figures.startswith("00"):
        return figures.removeprefix("00").removeprefix("44")
    return figures.removeprefix("0")


Reading = Callable[[re.Match[str], date], object]
_WHOLE_THINGS: tuple[tuple[str, re.Pattern[str], Reading], ...] = (
    ("email", _EMAIL, _email),
    ("references", _REFERENCE, _reference),
    ("born", _YEAR_FIRST, _born_year_first),
    ("born", _MONTH_NAMED, _born_in_words),
    ("born", _NUMBERS, _born_in_numbers),
    ("postcode", _POSTCODE, _postcode),
    ("phone", _PHONE, _phone),
)
