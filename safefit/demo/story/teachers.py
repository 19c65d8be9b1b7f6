"""The made-up instructors and what they hold. PURE: no Django, no clock.

Ines and Ivor hold everything. Of the others, one has let something lapse, one has something that lapses
soon, one has evidence that nobody has seen yet, and one cannot be given the last dates of her own class.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from instructors.credentials import Held

ISSUED, EXPIRES = -400, 330  # days from today, unless said otherwise
OF_ALL = (
    "cancer_exercise",
    "exercise_referral",
    "membership",
    "public_liability",
    "indemnity",
    "remote_insurance",
    "dbs",
    "first_aid",
    "safeguarding",
    "information_governance",
)


@dataclass(frozen=True)
class Teacher:
    """`expires` and `unseen` name what is not as it is with everybody; days are counted from today."""

    slug: str
    name: str
    born: date
    expires: dict[str, int] = field(default_factory=dict)
    unseen: tuple[str, ...] = ()  # on paper, but nobody has looked at it
    without: tuple[str, ...] = ()

    def holds(self, today: date) -> tuple[Held, ...]:
        """Everything they hold, as the rule reads it."""
        return tuple(
            Held(kind, today + timedelta(ISSUED), self.last_day(kind, today), verified=kind not in self.unseen)
            for kind in OF_ALL
            if kind not in self.without
        )

    def last_day(self, kind: str, today: date) -> date:
        return today + timedelta(days=self.expires.get(kind, EXPIRES))


TEACHERS = (
    Teacher("ines", "Ines Teacher", date(1970, 6, 1)),
    Teacher("ivor", "Ivor Coach", date(1970, 6, 1)),
    Teacher("bea.trainer", "Bea Trainer", date(1984, 2, 19), expires={"first_aid": -31}),
    Teacher("cai.athro", "Cai Athro", date(1991, 11, 3), unseen=("public_liability",)),
    Teacher("dolores.maestra", "Dolores Maestra", date(1968, 8, 24)),
    Teacher("emeka.nkuzi", "Emeka Nkuzi", date(1979, 5, 12)),
    Teacher("farah.ustad", "Farah Ustad", date(1986, 1, 30), expires={"remote_insurance": 20}),
    Teacher("greta.lehrer", "Greta Lehrer", date(1963, 10, 7)),
    Teacher("hamish.drillwell", "Hamish Drillwell", date(1975, 4, 16)),
    Teacher("jaya.shikshak", "Jaya Shikshak", date(1993, 7, 21)),
    Teacher("kasia.trenerska", "Kasia Trenerska", date(1988, 12, 9), expires={"public_liability": 70}),
    Teacher("lloyd.stretchley", "Lloyd Stretchley", date(1959, 3, 28), without=("remote_insurance",)),
)
TEACHER = {teacher.slug: teacher for teacher in TEACHERS}
