"""Text messages as files in a folder, for a copy with invented people: nothing leaves the computer.

Chosen by SAFEFIT_TEXTS=folder (settings.py), never in production. Called by senders.py.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings

from messaging.outgoing import Became, Outgoing, one_number


class Folder:
    def send(self, outgoing: Outgoing) -> str:
        """One file for each message; the same again writes the same file."""
        to = one_number(outgoing.to)
        name = hashlib.sha256(outgoing.key.encode()).hexdigest()[:32]
        folder = Path(settings.TEXT_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / f"{name}.txt").write_text(f"To: {to}\n\n{outgoing.words.body}", encoding="utf-8")
        return name

    def became_of(self, sent_as: str) -> Became:
        """What lies in the folder has arrived there."""
        if not (Path(settings.TEXT_FILE_PATH) / f"{sent_as}.txt").exists():
            raise LookupError(sent_as)
        return Became.ARRIVED
