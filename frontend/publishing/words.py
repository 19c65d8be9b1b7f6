"""Why a class cannot be published, in words for those who publish it."""

from __future__ import annotations

from classes.timetable.cautions import Caution
from classes.timetable.plans import Obstacle, ObstacleKind, Problem
from frontend.wording import clock_range, count, day, joined, plain_date
from instructors.credentials import Reason, Why
from instructors.models import CredentialKind

PROBLEMS: dict[Problem, str] = {
    Problem.STOOD_DOWN: "This instructor is not teaching at the moment. Choose somebody else, or ask the desk.",
    Problem.NOT_OFFERED: "This kind of class is no longer offered. Choose another kind.",
    Problem.OTHER_PROGRAMME: "The class, the place and the instructor belong to different programmes. Start again.",
    Problem.VENUE_MISSING: "A class in person needs a place. Choose where it is held.",
    Problem.VENUE_NOT_WANTED: "An online class has no place. Choose online, or choose a place.",
    Problem.ROOM_ELSEWHERE: "That room is in another building. Choose the place again.",
    Problem.LINK_NOT_SAFE: "The link must start with https://",
    Problem.DURATION: "A class lasts from 10 minutes to 8 hours. Change how long it lasts.",
    Problem.CAPACITY: "A class has from 0 to 500 places. Change the number of places.",
    Problem.RESERVED: "You cannot keep back more places than there are.",
    Problem.WALK_IN: "There are fewer places than you keep back and keep for people who come without booking.",
    Problem.MINIMUM: "The least number is more than the class holds. Change one of the two.",
    Problem.ONE_TO_ONE_HOLDS_ONE: "A one-to-one session has one place.",
    Problem.PHONE_IS_FOR_ONE: "Only a one-to-one can be by telephone. Choose a place, or online.",
    Problem.KIND_IS_FOR_ONE: "This kind of class is for one person at a time. Choose a kind that is for a group.",
    Problem.KIND_IS_FOR_A_GROUP: "This kind of class is for a group. Choose a kind that is for one person at a time.",
    Problem.BUFFER: "The time between can be up to 60 minutes, and only one-to-ones have it. Choose a shorter one.",
    Problem.ALREADY_THERE: "The instructor has a class at that time in the new term already.",
    Problem.NO_DATES: "There is no date left. Change the dates, or leave out fewer of them.",
    Problem.TOO_MANY_DATES: "There are more than 110 dates. Choose an earlier last date.",
}

OBSTACLES: dict[ObstacleKind, str] = {
    ObstacleKind.PAST: "This has already started.",
    ObstacleKind.NO_SUCH_TIME: "The clocks go forward that night, so this start time does not exist. Choose another.",
    ObstacleKind.HAPPENS_TWICE: (
        "The clocks go back that night, so this start time happens twice. "
        "Leave this date out, and add it as a single class."
    ),
    ObstacleKind.AWAY: "The instructor is away then.",
    ObstacleKind.HALL_CLOSED: "The hall is closed by then. Choose another place, or leave this date out.",
    ObstacleKind.PLACES_HELD: "More places than that are taken or kept.",
    ObstacleKind.HALL_TOO_SMALL: "With those who come along, there would be more people than the hall holds.",
    ObstacleKind.NOT_POSSIBLE: "The class cannot be held as it is planned.",
}
BUSY = {
    ObstacleKind.INSTRUCTOR_BUSY: "The instructor already leads {name}, {time}.",
    ObstacleKind.ROOM_BUSY: "The room is already taken by {name}, {time}.",
}


def obstacle_words(obstacle: Obstacle) -> str:
    """One sentence for one obstacle."""
    if obstacle.clash is not None:
        time = clock_range(obstacle.clash.starts_at, obstacle.clash.ends_at)
        return BUSY[obstacle.kind].format(name=obstacle.clash.class_name, time=time)
    if obstacle.kind is ObstacleKind.MAY_NOT_LEAD:
        return f"The instructor may not lead on this date: {joined(map(credential_words, obstacle.credentials))}."
    return OBSTACLES[obstacle.kind]


def caution_words(caution: Caution) -> str:
    """One sentence about what somebody should think of."""
    if caution.next_to is None or caution.on is None:
        return f"One instructor should have at most {count(caution.most, 'person', 'people')} in this kind of class."
    time = clock_range(caution.next_to.starts_at, caution.next_to.ends_at)
    return (
        f"{day(caution.on)}: the instructor has less than an hour to get to or from "
        f"{caution.next_to.class_name}, {time}, in another place."
    )


def credential_words(reason: Reason) -> str:
    named = CredentialKind(reason.kind).label if reason.kind in CredentialKind.values else reason.kind
    if reason.why is Why.EXPIRED and reason.day:
        return f"{named} runs out on {plain_date(reason.day)}"
    if reason.why is Why.NOT_YET and reason.day:
        return f"{named} starts on {plain_date(reason.day)}"
    if reason.why is Why.UNVERIFIED:
        return f"nobody has checked the evidence for {named}"
    return f"there is no {named}"


def refused_words(obstacles: tuple[Obstacle, ...]) -> str:
    """What to say above the list of dates when nothing was published."""
    dates = sorted({o.on for o in obstacles})
    if len(dates) == 1:
        return f"Nothing was published, because of {day(dates[0])}: {obstacle_words(obstacles[0])}"
    return f"Nothing was published, because {len(dates)} dates cannot be held. The list below says why."
