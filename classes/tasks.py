"""Work of classes that comes back by the clock; the worker finds it by this module's name."""

from __future__ import annotations

from django.utils import timezone

from accounts.history import System, acting
from classes.cover.asking import invite_again
from classes.cover.deadline import alert_about_uncovered
from classes.leader_there import look_for_leaders
from classes.places.idempotency import forget_old_outcomes
from classes.places.kept_back import release_places
from classes.places.places_in_doubt import free_places, judge_all_places
from classes.register import fewer_contacts
from classes.telling.asking import ask_for_checks
from classes.telling.reminders import remind
from classes.timetable import HORIZON, materialise
from classes.timetable.few_booked import ask_about_few
from classes.unqualified import look_at_everybody, look_at_what_is_near
from classes.waiting_list.running_out import (
    close_waiting_lists,
    end_calls_in_vain,
    expire_offers,
    serve_waiting_lists,
)
from classes.whereabouts import forget_whereabouts
from messaging.jobs import every
from messaging.one_by_one import in_turn


@every("15 2 * * *")
def make_coming_dates() -> None:
    """Every night: the dates of each series that have come within the horizon."""
    materialise(until=timezone.localdate() + HORIZON, by=System.WORKER)


@every("5 3 * * *")
def judge_held_places() -> None:
    """Every night, as a second line: what changed with nothing but the date is noticed here."""
    judge_all_places()


@every("*/5 * * * *")
def free_places_that_do_not_stand() -> None:
    """A day before the class, so that somebody else can come."""
    free_places()


@every("10 4 * * *")
def look_at_who_leads() -> None:
    """Every night: dates to come that are led by somebody who may not lead them on that day."""
    look_at_everybody(System.WORKER)


@every("*/30 * * * *")
def look_at_who_leads_soon() -> None:
    """Every half hour: such dates that have come near cannot wait."""
    look_at_what_is_near(System.WORKER)


@every("*/10 * * * *")
def alert_about_dates_without_cover() -> None:
    """Every ten minutes: whoever may lead them by now is asked; when it is late, whoever is on call is told."""
    in_turn(invite_again, alert_about_uncovered)


@every("*/2 * * * *")
def ask_about_classes_without_leader() -> None:
    """Every two minutes: a class has begun, people are there, and nothing shows that anybody leads it."""
    look_for_leaders(System.WORKER)


@every("10 3 * * *")
def ask_about_fewer_contacts() -> None:
    """Every night: who came clearly less often than planned is named to the desk, once in each phase."""
    fewer_contacts.ask_about_fewer_contacts(on=timezone.localdate())


@every("35 3 * * *")
def forget_old_requests() -> None:
    """Outcomes kept for repeated requests are of no use after their time."""
    forget_old_outcomes()


@every("40 3 * * *")
def forget_where_people_were() -> None:
    """Every night: where people were during online classes that are over for two weeks."""
    with acting(System.WORKER, "classes.forget_whereabouts"):
        forget_whereabouts()


@every("*/5 * * * *")
def release_places_kept_back() -> None:
    """When their time has come: to who waits, then to anybody."""
    release_places()


@every("25 * * * *")
def ask_about_classes_with_few() -> None:
    """Every hour: the desk decides about a class that has too few two days before; nothing is cancelled by itself."""
    ask_about_few()


@every("*/5 * * * *")
def ask_for_same_day_checks() -> None:
    """Every five minutes: whose check has opened is asked for it."""
    ask_for_checks()


@every("*/5 * * * *")
def remind_of_classes() -> None:
    """Every five minutes: whose class is two days off, or about to begin, is reminded of it."""
    remind()


@every("* * * * *")
def move_waiting_lists_on() -> None:
    """Every minute: offers whose time is over go to the next, and nobody waits for a class that has started."""
    in_turn(expire_offers, close_waiting_lists, end_calls_in_vain, serve_waiting_lists)
