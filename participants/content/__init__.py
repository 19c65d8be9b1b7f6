"""Content that comes with the software: consent texts, health questions, signposts.

Here: putting consent texts and the shape of a programme into the database.
Called by `manage.py setup_programme` and by the demo data. Health questions and
signposts are read by participants/health_content.py.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from accounts.history import Actor, acting
from accounts.models import Programme
from participants.models import ConsentText, Phase, Timepoint

FOLDER = Path(__file__).parent

# name, weeks, least and most contacts, in how many weeks
PHASES = (
    ("First month: one to three sessions a week", 4, 1, 3, 1),
    ("Months 2 and 3: one session a week", 9, 1, 1, 1),
    ("Months 4 to 6: one session a month", 13, 1, 1, 4),
)
# code, label, day, opens before, closes after
TIMEPOINTS = (
    ("start", "Start", 0, 28, 7),
    ("w12", "12 weeks", 84, 21, 21),
    ("w26", "26 weeks", 182, 28, 28),
)
# Only for questions that name it: nothing is compared with the start then.
ASIDE = (("m1", "1 month", 28, 7, 14),)


def install(programme: Programme, by: Actor) -> None:
    """Give a programme its phases, timepoints and consent texts. Twice is harmless; what is there is left alone."""
    phases = (
        Phase(
            programme=programme,
            order=order,
            name=name,
            weeks=weeks,
            contacts_least=least,
            contacts_most=most,
            per_weeks=per_weeks,
        )
        for order, (name, weeks, least, most, per_weeks) in enumerate(PHASES, start=1)
    )
    timepoints = (
        Timepoint(
            programme=programme,
            code=code,
            label=label,
            day=day,
            opens_before=before,
            closes_after=after,
            measures_change=(code, label, day, before, after) not in ASIDE,
        )
        for code, label, day, before, after in (*TIMEPOINTS, *ASIDE)
    )
    texts = (
        ConsentText(
            programme=programme,
            kind=text["kind"],
            version=text["version"],
            title=text["title"],
            body=text["body"].strip(),
            required=text["required"],
        )
        for text in tomllib.loads((FOLDER / "consents_v1.toml").read_text())["consent"]
    )
    with acting(by, "participants.install_content"):
        Phase.objects.bulk_create(phases, ignore_conflicts=True)
        Timepoint.objects.bulk_create(timepoints, ignore_conflicts=True)
        ConsentText.objects.bulk_create(texts, ignore_conflicts=True)
