"""The rows of demo venues and kinds of class (story/halls.py, story/class_kinds.py say what is in them)."""

from __future__ import annotations

from accounts.models import Programme
from classes.models import ClassType, Room, Venue
from safefit.demo.story.class_kinds import CLASS_KINDS
from safefit.demo.story.halls import HALLS, Hall


def make_class_types(programme: Programme) -> dict[str, ClassType]:
    """Every kind of class, by name."""
    made = [
        ClassType.objects.create(
            programme=programme,
            name=kind.name,
            summary=kind.summary,
            effort=kind.effort,
            positions=list(kind.positions),
            bring=kind.bring,
            credentials_needed=list(kind.needs),
        )
        for kind in CLASS_KINDS
    ]
    return {class_type.name: class_type for class_type in made}


def make_venues(programme: Programme) -> dict[str, Venue]:
    """Every venue with its rooms, by name."""
    return {hall.name: _venue(hall, programme) for hall in HALLS}


def _venue(hall: Hall, programme: Programme) -> Venue:
    venue = Venue.objects.create(
        programme=programme,
        name=hall.name,
        address=hall.address,
        town=hall.town,
        postcode=hall.postcode,
        area=hall.area,
        step_free=hall.step_free,
        accessible_toilet=hall.accessible_toilet,
        hearing_loop=hall.hearing_loop,
        parking=hall.parking,
        chairs=hall.chairs,
        access_note=hall.access_note,
        entrance=hall.entrance,
        step_free_note=hall.step_free_note,
        parking_note=hall.parking_note,
        getting_there=hall.getting_there,
        defibrillator=hall.defibrillator,
        hall_contact=hall.hall_contact,
    )
    Room.objects.bulk_create(Room(venue=venue, name=name) for name in hall.rooms)
    return venue
