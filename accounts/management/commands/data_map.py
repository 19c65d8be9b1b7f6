"""`manage.py data_map`: write docs/data-map.md from what the models declare."""

from __future__ import annotations

from accounts.data_map import data_map
from accounts.management.paper import PaperCommand


class Command(PaperCommand):
    help = "Write docs/data-map.md: what is held about people, why, on what basis and for how long."
    file_name = "data-map.md"
    drawn = staticmethod(data_map)
