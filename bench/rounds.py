"""The order of measuring: in each round the limit, the product and the naive way, one after the other.

Absolute figures move with the machine and the disk; the ratios of one round do not, or
much less. So each round gives ratios, and the median of the rounds is what is told.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.limits import make_tables, most_per_second
from bench.load import CONNECTIONS, Loaded, Target, Trouble, send, served, wrk
from bench.world import HOURS, World, audit, let_the_database_look, let_the_disk_rest, make_classes, make_world
from classes.models import Booking, Session
from safefit.postgres import find_programs
from safefit.steps import step

PRODUCT, NAIVE = "safefit.wsgi:application", "bench.naive_wsgi:application"
PATHS = {PRODUCT: ("/api/v1/bookings/", "/api/v1/sessions/?page_size=20"), NAIVE: ("/book/", "/list/")}
FASTEST = 4000  # bookings a second that nothing here reaches: so many are kept ready
RACE_PLACES = 10
WARM = 2  # seconds


@dataclass(frozen=True)
class Wishes:
    """Who asks for which class, as load.lua has it: person and class follow from a number that begins at `start`."""

    classes: list[int]
    how: str
    start: int = 0


class Bench:
    """What all rounds share, and how far each has used up the pairs of person and class."""

    def __init__(self, world: World, folder: Path, seconds: int) -> None:
        self.world, self.folder, self.seconds = world, folder, seconds
        self.url = os.environ["DATABASE_URL"]
        self.postmaster = int((Path(os.environ["SAFEFIT_BENCH_DATA"]) / "postmaster.pid").read_text().split()[0])
        self.pgbench = find_programs().path("pgbench")
        self.hour = 24 * 60  # hot classes begin after all the spread ones
        self.used = self.made = 0

    def _file(self, name: str, lines: list[Any]) -> Path:
        path = self.folder / name
        path.write_text("\n".join(str(line) for line in lines) + "\n")
        return path

    def limit(self, what: str) -> dict[str, float]:
        rate = most_per_second(
            what,
            pgbench=self.pgbench,
            url=self.url,
            seconds=self.seconds,
            connections=CONNECTIONS,
            folder=self.folder,
        )
        return {"per_second": rate}

    def hot(self, application: str) -> dict[str, float]:
        """Everybody wants the same class, and when they all have it, the next."""
        return self._booked(application, Wishes(self._fresh(self.sent_at_most, len(self.world.cookies)), "hot"))

    def spread(self, application: str) -> dict[str, float]:
        """Each request is for another of many classes."""
        start = self.used
        self.used += self.sent_at_most
        if self.used > len(self.world.cookies) * HOURS:
            raise Trouble("Not enough people for so many rounds: take more people, or shorter rounds.")
        return self._booked(application, Wishes(self.world.spread, "spread", start))

    def listed(self, application: str) -> dict[str, float]:
        loaded = self._measured(application, PATHS[application][1])
        if loaded.refused or loaded.lost:
            raise Trouble(f"{application}, list: {asdict(loaded)}; see {self.folder}")
        return told(loaded, loaded.requests)

    def last_places(self) -> dict[str, int]:
        """More people than places at one class: how many were let in."""
        (race,) = self._fresh(1, RACE_PLACES)
        rush = Wishes([race] * (1 + self.sent_at_most // len(self.world.cookies)), "hot")
        self._measured(PRODUCT, PATHS[PRODUCT][0], rush)
        return {"places": RACE_PLACES, "taken": Session.objects.get(pk=race).bookings.filter(state="booked").count()}

    @property
    def sent_at_most(self) -> int:
        return FASTEST * (WARM + self.seconds)

    def _fresh(self, places: int, capacity: int) -> list[int]:
        """Classes with that many places in all, after all that were made before."""
        how_many = -(-places // capacity)
        self.hour += how_many
        return make_classes(
            self.world.programme,
            self.world.class_type,
            how_many,
            capacity=capacity,
            first_hour=self.hour - how_many,
        )

    def _booked(self, application: str, wishes: Wishes) -> dict[str, float]:
        loaded = self._measured(application, PATHS[application][0], wishes)
        if loaded.refused or loaded.lost or abs(self.made - loaded.requests) > 2 * CONNECTIONS:
            raise Trouble(f"{application}, {wishes.how}: {self.made} places from {asdict(loaded)}; see {self.folder}")
        return told(loaded, self.made)

    def _measured(self, application: str, path: str, wishes: Wishes | None = None) -> Loaded:
        """After a moment of the same, in which each worker loads what it needs; `made` is then what was booked."""
        with served(application, self.folder / "web.log") as (address, server):
            to = Target(address + path, server, self.postmaster)
            send(to, seconds=WARM, booking=self._asked(wishes, 0))
            before = Booking.objects.count()
            loaded = send(to, seconds=self.seconds, booking=self._asked(wishes, FASTEST * WARM))
        self.made = Booking.objects.count() - before
        return loaded

    def _asked(self, wishes: Wishes | None, after: int) -> list[str]:
        if wishes is None:
            return []
        files = (self._file("cookies", self.world.cookies), self._file("classes", wishes.classes))
        return [*map(str, files), str(wishes.start + after), wishes.how]


def told(loaded: Loaded, done: int) -> dict[str, float]:
    cpu = loaded.app_cpu + loaded.database_cpu
    return {
        "per_second": done / loaded.seconds,
        "p50_ms": loaded.p50_ms,
        "p95_ms": loaded.p95_ms,
        "p99_ms": loaded.p99_ms,
        "cpu_ms": 1000 * cpu / done,
        "app_cpu_ms": 1000 * loaded.app_cpu / done,
        "database_cpu_ms": 1000 * loaded.database_cpu / done,
    }


def prepared(*, people: int, classes: int, seconds: int) -> Bench:
    wrk()
    with step(f"Making {people} people and {classes} classes"):
        world = make_world(people=people, classes=classes)
        make_tables()
    return Bench(world, Path(os.environ["SAFEFIT_STATE"]), seconds)


def measure(bench: Bench, rounds: int) -> dict[str, Any]:
    """Every round's figures, and what the audit at the end found."""
    found = []
    for number in range(rounds):
        with step(f"Round {number + 1} of {rounds}"):
            let_the_database_look()
            let_the_disk_rest()
            found.append(
                {
                    what: {"limit": bench.limit(what), "product": do(PRODUCT), "naive": do(NAIVE)}
                    for what, do in (("hot", bench.hot), ("spread", bench.spread), ("list", bench.listed))
                }
            )
    with step("The last places, and the audit"):
        race = bench.last_places()
        return {"rounds": found, "race": race, "audit": audit()}
