"""Work of participants that comes back by the clock; the worker finds it by this module's name."""

from __future__ import annotations

from django.utils import timezone

from accounts.history import System, acting
from messaging.jobs import every
from participants.clinical_letters import ask_for_letters
from participants.emergency import ask_about_contacts
from participants.fifths import place_in_fifths
from participants.needs_review import ask_about_needs
from participants.registering.forgetting import warn_before_forgetting
from participants.registering.intake import purge_drafts
from participants.registering.referrals import write_for_referrals
from participants.rescreening import ask_again
from participants.support import end_what_ran_out
from participants.taking_part.ending import see_to_ends
from participants.taking_part.pauses import ask_after_pauses


@every("50 3 * * *")
def ask_about_health_again() -> None:
    """Every night: whose answers are soon too old is reminded, and called when no answer comes."""
    ask_again(on=timezone.localdate())


@every("55 3 * * *")
def ask_after_breaks() -> None:
    """Every night: whose break was to last until today is asked whether they are ready."""
    ask_after_pauses(on=timezone.localdate())


@every("58 3 * * *")
def ask_about_access_needs() -> None:
    """Every night: whose day to be asked again has come is asked what helps them."""
    ask_about_needs(on=timezone.localdate())


@every("5 0 * * *")
def end_help_that_ran_out() -> None:
    """After midnight: whose last day as somebody's helper has passed is written down as ended."""
    end_what_ran_out()


@every("2 4 * * *")
def ask_about_emergency_contacts() -> None:
    """Every night: whose contact was not confirmed for months is called."""
    ask_about_contacts(on=timezone.localdate())


@every("*/5 * * * *")
def write_to_the_referred_and_their_referrers() -> None:
    """Every five minutes: links for whoever was referred, by day; word to those who may hear that somebody joined."""
    write_for_referrals()


@every("25 3 * * *")
def forget_unfinished_registrations() -> None:
    """Every night; and a week before people of a list are among them the desk hears of it."""
    warn_before_forgetting()
    with acting(System.WORKER, "participants.purge_drafts"):
        purge_drafts()


@every("8 4 * * *")
def place_people_in_fifths() -> None:
    """Every night: whoever registered or moved since stands where the list of postcodes has them."""
    with acting(System.WORKER, "participants.place_in_fifths"):
        place_in_fifths()


@every("6 4 * * *")
def ask_for_letters_to_clinical_teams() -> None:
    """Every night: for who has started, was referred back or has finished, and agreed, a letter is asked for."""
    ask_for_letters(on=timezone.localdate())


@every("10 4 * * *")
def tell_of_ends() -> None:
    """Every night: whose programme ends in four weeks is told, and whose has ended is thanked."""
    see_to_ends(on=timezone.localdate())
