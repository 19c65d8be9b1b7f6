"""The made-up places where classes are held. PURE: no Django, no clock.

Towns are real, so that distances make sense; halls, roads and postcodes are not.
"""

from __future__ import annotations

from dataclasses import dataclass

AREAS = ("Dorset", "Hampshire", "Isle of Wight")


@dataclass(frozen=True)
class Hall:
    """One venue in the words of classes.models.Venue; facts are yes, no or unknown."""

    name: str
    address: str
    town: str
    postcode: str
    area: str
    step_free: str
    accessible_toilet: str
    hearing_loop: str
    parking: str
    chairs: str
    getting_there: str
    defibrillator: str
    entrance: str = ""
    access_note: str = ""
    hall_contact: str = ""
    step_free_note: str = ""
    parking_note: str = ""
    rooms: tuple[str, ...] = ("Main hall",)


HALLS = (
    Hall(
        name="Hamworthy Demo Hall",
        address="1 Made Up Road",
        town="Poole",
        postcode="BH15 9ZZ",
        area="Dorset",
        step_free="yes",
        accessible_toilet="yes",
        hearing_loop="yes",
        parking="yes",
        chairs="yes",
        entrance="The side door, next to the ramp",
        step_free_note="by the side door",
        parking_note="free, behind the hall; two spaces for blue badges",
        getting_there="Buses stop outside. Free parking behind the hall.",
        defibrillator="In the porch, on the left",
        hall_contact="Keys: the invented caretaker, 01632 960 301",
    ),
    Hall(
        name="Newport Demo Centre",
        address="2 Made Up Lane",
        town="Newport",
        postcode="PO30 9ZZ",
        area="Isle of Wight",
        step_free="yes",
        accessible_toilet="yes",
        hearing_loop="no",
        parking="unknown",
        chairs="yes",
        entrance="Main door, then the lift to the first floor",
        getting_there="Ten minutes on foot from the bus station. By ferry: the bus meets the boat.",
        defibrillator="Reception",
        hall_contact="Reception, 01632 960 302",
    ),
    Hall(
        name="Totton Demo Rooms",
        address="3 Made Up Way",
        town="Totton",
        postcode="SO40 9ZZ",
        area="Hampshire",
        step_free="no",
        accessible_toilet="unknown",
        hearing_loop="unknown",
        parking="yes",
        chairs="yes",
        access_note="Two steps at the door. Call us and we will help.",
        getting_there="Five minutes on foot from the station.",
        defibrillator="Outside the library, 100 metres away",
    ),
    Hall(
        name="Weymouth Demo Pavilion",
        address="4 Pretend Parade",
        town="Weymouth",
        postcode="DT4 9ZZ",
        area="Dorset",
        step_free="yes",
        accessible_toilet="yes",
        hearing_loop="yes",
        parking="no",
        chairs="yes",
        entrance="The glass doors that face the sea. The Garden room is round the back, past the bandstand",
        getting_there="Buses stop on the front. The nearest car park is five minutes away and is not free.",
        defibrillator="On the wall beside the box office",
        rooms=("Garden room", "Sea room"),
    ),
    Hall(
        name="Bridport Demo Rooms",
        address="5 Imaginary Street",
        town="Bridport",
        postcode="DT6 9ZZ",
        area="Dorset",
        step_free="unknown",
        accessible_toilet="no",
        hearing_loop="no",
        parking="yes",
        chairs="unknown",
        access_note="The toilet is down four steps.",
        entrance="Through the arch, second door on the right",
        getting_there="The coast bus stops at the town hall, two minutes away. Park in the yard.",
        defibrillator="In the old telephone box across the road",
        rooms=("Long room",),
    ),
    Hall(
        name="Winchester Demo Centre",
        address="6 Fictional Hill",
        town="Winchester",
        postcode="SO23 9ZZ",
        area="Hampshire",
        step_free="yes",
        accessible_toilet="yes",
        hearing_loop="yes",
        parking="yes",
        chairs="yes",
        entrance="Reception. Somebody there shows you to the room",
        getting_there="The park and ride stops at the door. Four spaces for blue badges in front.",
        defibrillator="Behind the reception desk",
        hall_contact="Reception, 01632 960 306",
        rooms=("Great hall", "Studio"),
    ),
    Hall(
        name="Gosport Demo Hall",
        address="7 Invented Quay",
        town="Gosport",
        postcode="PO12 9ZZ",
        area="Hampshire",
        step_free="yes",
        accessible_toilet="unknown",
        hearing_loop="unknown",
        parking="unknown",
        chairs="yes",
        getting_there="Ten minutes on foot from the Portsmouth ferry, flat all the way. Buses stop at the pontoon.",
        defibrillator="At the harbour office, open day and night",
    ),
    Hall(
        name="Ryde Demo Hall",
        address="8 Makebelieve Esplanade",
        town="Ryde",
        postcode="PO33 9ZZ",
        area="Isle of Wight",
        step_free="no",
        accessible_toilet="yes",
        hearing_loop="no",
        parking="no",
        chairs="yes",
        access_note="One high step. There is a ramp that we put down if you tell us before.",
        entrance="The blue door, not the one with the bell",
        getting_there="Close to the pier: boat, train and bus all stop there.",
        defibrillator="Outside the lifeboat station",
    ),
)
AREA_OF = {hall.name: hall.area for hall in HALLS}
