"""Who the made-up participants are: age, home, how they are reached, needs, consents. PURE: no Django, no clock.

Not here: what happens to them in the programme (lives.py, attending.py, answering.py). Addresses are at one domain
that nobody owns, telephone numbers come from the ranges that Ofcom keeps for drama, postcodes end as none does.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from safefit.demo.story.names import LONG, TWIN_NAMES, Name, draw_name

DOMAIN = "demo.safefit.example"
AREAS = {"Dorset": 41, "Hampshire": 36, "Isle of Wight": 23}  # how many of a hundred
OUTWARD = {
    "Dorset": ("BH14", "BH15", "BH21", "DT3", "DT4", "DT6"),
    "Hampshire": ("SO22", "SO23", "SO40", "PO12", "PO13", "GU34"),
    "Isle of Wight": ("PO30", "PO31", "PO33", "PO36"),
}
# Numbers of the cast and of the house, which nobody else has.
KEPT = {f"+441632960{number}" for number in ("000", "050", "111", "222", "301", "302", "306", "800", "801", "802")}
NEEDS = (
    ("large_print", "20 point or larger", 20),
    ("slow_speech", "", 14),
    ("hearing_loop", "", 14),
    ("lip_reads", "Face me when you speak", 9),
    ("writing_down", "", 9),
    ("more_time", "", 16),
    ("screen_reader", "", 4),
    ("easy_read", "", 4),
    ("audio", "", 2),
    ("braille", "", 1),
    ("bsl_interpreter", "", 2),
    ("language", "Polish", 2),
    ("language", "Cantonese", 1),
    ("language", "Portuguese", 1),
    ("other", "Please phone after 10, mornings are slow", 3),
)
RELATIONSHIPS = ("wife", "husband", "partner", "daughter", "son", "sister", "brother", "friend", "neighbour")


@dataclass(frozen=True)
class Contact:
    """One way to reach somebody, in the codes of accounts.models.Channel."""

    channel: str
    value: str
    preferred: bool = False
    may_leave_message: bool = False


@dataclass(frozen=True)
class Need:
    kind: str
    detail: str


@dataclass(frozen=True)
class Emergency:
    name: str = ""
    relationship: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Individual:
    """Everything about one person that has nothing to do with the programme."""

    name: Name
    born: date
    area: str
    postcode: str
    contacts: tuple[Contact, ...]
    opens_login: bool  # the first who signs up with an address
    needs: tuple[Need, ...]
    shares_needs: bool
    emergency: Emergency

    @property
    def uses_email(self) -> bool:
        return any(contact.channel == "email" for contact in self.contacts)


def draw_people(count: int, today: date, seed: str) -> list[Individual]:
    """`count` different people. A few share a name, an email address, or have a very long name."""
    draw = random.Random(f"{seed}/people")  # noqa: S311  (a story, not a secret)
    landlines, mobiles = _numbers(draw, "+441632960"), _numbers(draw, "+447700900")
    names: set[Name] = {TWIN_NAMES, *LONG}
    given_out: set[str] = set()
    found = [_draw(draw, today, landlines, mobiles, names, given_out) for _ in range(count)]
    for place, name in zip(range(20, count, 41), (TWIN_NAMES, *LONG, TWIN_NAMES), strict=False):
        found[place] = _renamed(found[place], name, given_out)
    for one in range(60, min(count - 1, 300), 80):
        found[one + 1] = _sharing_the_mailbox_of(found[one], found[one + 1])
    return found


def _numbers(draw: random.Random, start: str) -> Iterator[str]:
    numbers = [f"{start}{n:03}" for n in range(1000) if f"{start}{n:03}" not in KEPT]
    return iter(draw.sample(numbers, len(numbers)))


def _draw(
    draw: random.Random,
    today: date,
    landlines: Iterator[str],
    mobiles: Iterator[str],
    names: set[Name],
    given_out: set[str],
) -> Individual:
    age = int(min(89, max(25, draw.gauss(63, 13))))
    born = date(today.year - age - 1, 1 + draw.randrange(12), 1 + draw.randrange(28))
    name = draw_name(draw, born.year, names)
    area = draw.choices(list(AREAS), list(AREAS.values()))[0]
    contacts = _contacts(draw, age, _address(name, given_out), next(landlines), next(mobiles))
    needs = _needs(draw, age)
    return Individual(
        name=name,
        born=born,
        area=area,
        postcode=f"{draw.choice(OUTWARD[area])} 9Z{draw.choice('WXYZ')}" if draw.random() < 0.7 else "",
        contacts=contacts,
        opens_login=any(contact.channel == "email" for contact in contacts),
        needs=needs,
        shares_needs=bool(needs) and draw.random() < 0.85,
        emergency=_emergency(draw, names),
    )


def _address(name: Name, given_out: set[str]) -> str:
    """An address nobody has yet: the second of one name gets a 2."""
    again = 1
    address = f"{name.address}@{DOMAIN}"
    while address in given_out:
        again += 1
        address = f"{name.address}{again}@{DOMAIN}"
    given_out.add(address)
    return address


def _contacts(draw: random.Random, age: int, email: str, landline: str, mobile: str) -> tuple[Contact, ...]:
    """The older, the likelier only a telephone."""
    leaves = draw.random() < 0.7
    if draw.random() < (0.32 if age > 75 else 0.1 if age > 60 else 0.03):
        number = landline if age > 55 else mobile
        return (Contact("phone", number, preferred=True, may_leave_message=leaves),)
    kind = draw.random()
    if kind < 0.3:
        return (Contact("email", email, preferred=True),)
    if kind < 0.7:
        likes_texts = draw.random() < 0.35
        return (Contact("email", email, preferred=not likes_texts), Contact("text", mobile, preferred=likes_texts))
    if kind < 0.98:
        likes_calls = draw.random() < 0.3
        return (
            Contact("email", email, preferred=not likes_calls),
            Contact("phone", landline, preferred=likes_calls, may_leave_message=leaves),
        )
    return (Contact("post", f"{draw.randrange(1, 90)} Made Up Close, Nowhere-on-Sea", preferred=True),)


def _needs(draw: random.Random, age: int) -> tuple[Need, ...]:
    if draw.random() > (0.3 if age > 70 else 0.15):
        return ()
    chosen = draw.choices(NEEDS, [share for _, _, share in NEEDS], k=draw.choice((1, 1, 1, 2)))
    return tuple(Need(kind, detail) for kind, detail, _ in dict.fromkeys(chosen))


def _emergency(draw: random.Random, names: set[Name]) -> Emergency:
    if draw.random() < 0.04:
        return Emergency()
    name = draw_name(draw, 1965, names)
    phone = f"+447700900{draw.randrange(1000):03}" if draw.random() < 0.7 else f"+441632960{draw.randrange(300, 999)}"
    return Emergency(f"{name.given} {name.family}", draw.choice(RELATIONSHIPS), phone)


def _renamed(one: Individual, name: Name, given_out: set[str]) -> Individual:
    address = _address(name, given_out)
    contacts = tuple(replace(c, value=address) if c.channel == "email" else c for c in one.contacts)
    return replace(one, name=name, contacts=contacts)


def _sharing_the_mailbox_of(first: Individual, second: Individual) -> Individual:
    """A couple with one address: an address is a way to reach somebody, never who somebody is."""
    address = next((contact.value for contact in first.contacts if contact.channel == "email"), "")
    if not address:
        return second
    mailbox = Contact("email", address, preferred=True)
    return replace(second, contacts=(mailbox,), opens_login=False, area=first.area, postcode=first.postcode)
