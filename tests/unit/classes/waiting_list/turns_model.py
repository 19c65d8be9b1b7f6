"""Who gets the place, in as few words as will do: the model that the real waiting list is walked beside."""

from __future__ import annotations

from datetime import datetime, timedelta

from classes.waiting_list.offer_times import answer_by, starts_the_clock, terms_of_offer

LIVE = ("booked", "offered", "waiting")


class Turns:
    """One class and its people, by number. `party`, `auto` and `until` are of whoever has a place or a turn."""

    def __init__(
        self, starts_at: datetime, *, remote: bool, capacity: int, by_phone: set[int], beside: bool = False
    ) -> None:
        self.starts_at, self.remote, self.capacity, self.by_phone = starts_at, remote, capacity, by_phone
        self.beside = beside  # companions take no place
        self.state: dict[int, str] = {}
        self.order: list[int] = []  # of joining; who joins again goes to the end
        self.party: dict[int, int] = {}
        self.auto: set[int] = set()
        self.until: dict[int, datetime] = {}
        self.called: dict[int, str] = {}  # of an offer by telephone: tried, or told
        self.missed: set[int] = set()  # who could not be reached
        self.first: set[int] = set()  # who comes before those who do not, by decision of staff
        self.kept = 0  # places kept back
        self.unfit: set[int] = set()
        self.breaks: set[int] = set()

    def free(self) -> int:
        return self.capacity - self.kept - sum(self.places(self.party[who]) for who in self.those("booked", "offered"))

    def places(self, party: int) -> int:
        return 1 if self.beside else party

    def those(self, *states: str) -> list[int]:
        in_turn = sorted(self.order, key=lambda who: who not in self.first)
        return [who for who in in_turn if self.state[who] in states]

    def serve(self, now: datetime, *, newly: bool = False) -> None:
        terms = terms_of_offer(now, starts_at=self.starts_at, remote=self.remote)
        for who in self.those("waiting"):
            if self.free() > 0 and not (who in self.missed and not newly):
                self.missed.discard(who)
                if who not in self.unfit and self.places(self.party[who]) <= self.free():
                    if terms.by_itself and who in self.auto:
                        self.state[who] = "booked"
                    elif terms.until:
                        self.state[who] = "offered"
                        self.until[who] = terms.call_until if who in self.by_phone else terms.until
                        self.called.pop(who, None)

    def book(self, who: int, *, party: int, auto: bool, wait: bool) -> str:
        if who in self.unfit:
            return "refused"
        if (now := self.state.get(who)) in LIVE:
            return now
        fits = self.places(party) <= self.free()
        if not fits and not wait:
            return "refused"
        self.order = [*(other for other in self.order if other != who), who]
        self.party[who], self.state[who] = party, "booked" if fits else "waiting"
        self.auto = self.auto | {who} if auto and self.state[who] == "waiting" else self.auto - {who}
        self.missed.discard(who)
        self.first.discard(who)
        return self.state[who]

    def comes(self, who: int, party: int, now: datetime) -> bool:
        """With somebody now, or alone: the place and the turn stay. Whether there is a place for the other one."""
        more, held = party - self.party[who], self.state[who] in ("booked", "offered")
        if held and more > 0 and self.places(party) - self.places(self.party[who]) > self.free():
            return False
        self.party[who] = party
        if more < 0:
            self.serve(now, newly=self.state[who] == "booked")
        return True

    def is_given(self, who: int) -> str:
        """One of the places that are kept back, past whoever waits."""
        now = self.state.get(who)
        if now == "booked":
            return now
        party = self.party[who] if now == "waiting" else 1
        if now == "offered" or who in self.unfit or self.places(party) > self.kept:
            return "refused"
        if now != "waiting":
            self.order = [*(other for other in self.order if other != who), who]
            self.auto, self.missed, self.first = self.auto - {who}, self.missed - {who}, self.first - {who}
        self.party[who], self.state[who] = party, "booked"
        self.kept -= self.places(party)
        return "booked"

    def takes(self, who: int) -> bool:
        """Whoever waits takes a place that anybody could book. Whether there is one for them."""
        if self.places(self.party[who]) > self.free() or who in self.unfit:
            return False
        self.state[who] = "booked"
        return True

    def becomes(self, who: int, state: str, now: datetime) -> None:
        before, self.state[who] = self.state[who], state
        self.serve(now, newly=before == "booked")

    def call(self, who: int, now: datetime, *, told: bool) -> None:
        if who in self.by_phone and (told or (starts_the_clock(now) and who not in self.called)):
            self.called[who] = "told" if told else self.called.get(who, "tried")
            last = self.starts_at - timedelta(hours=2 if self.remote else 24)
            self.until[who] = min(answer_by(now), last)

    def tick(self, now: datetime) -> None:
        for who in self.those("booked"):
            if who in self.unfit and self.starts_at - timedelta(hours=24) <= now < self.starts_at:
                self.becomes(who, "cancelled", now)
        for who in sorted(self.those("offered"), key=lambda who: self.until[who]):
            if self.until[who] <= now:
                heard = who not in self.by_phone or self.called.get(who) == "told"
                self.missed |= {who} if self.called.get(who) == "tried" else set()
                self.becomes(who, "expired" if heard else "waiting", now)
        if now >= self.starts_at:
            self.state |= dict.fromkeys(self.those("waiting"), "closed")
