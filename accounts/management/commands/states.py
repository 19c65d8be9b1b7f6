"""`manage.py states`: write docs/states.md from the tables of legal transitions."""

from __future__ import annotations

from accounts.management.paper import PaperCommand
from accounts.states import states


class Command(PaperCommand):
    help = "Write docs/states.md: what states a thing has, and which may follow which."
    file_name = "states.md"
    drawn = staticmethod(states)
