"""The parcel that a person gets: a page to read, the same as JSON, and their files, in one ZIP.

Not here: what is read (reading.py), the page (paper.py).
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from dataclasses import asdict
from typing import Final

from django.core.serializers.json import DjangoJSONEncoder

from records.exporting.paper import ABOUT, draw_paper
from records.exporting.reading import Record

PAPER, DATA = "read-me-first.html", "everything.json"
FORMAT: Final = "1"


def pack(record: Record, *, made_at: dt.datetime) -> bytes:
    """The bytes of the ZIP."""
    told = {
        "format": FORMAT,
        "made_at": made_at,
        "about": record.person.full_name,
        "please_read": ABOUT,
        "tables": [asdict(section) for section in record.sections],
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr(PAPER, draw_paper(record, made_at=made_at))
        parcel.writestr(DATA, json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        for name, file in record.files.items():
            parcel.writestr(name, file)
    return content.getvalue()
