#!/usr/bin/env python3
"""Django's commands, on the private database of a state folder when no other is named.

With DATABASE_URL set this is plain Django. Without it, and with SAFEFIT_STATE
naming a folder (or ./run's own folder present), the private server is used.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from safefit import devdb
from safefit.postgres import DatabaseTrouble

WITHOUT_DATABASE = ("attack_release", "score_file")


def private_state() -> Path | None:
    """The state folder to use, or None: a copy that has production settings never gets a private database."""
    configured = os.environ.get("DATABASE_URL") or os.environ.get("SAFEFIT_SECRET_KEY")
    if configured or os.environ.get("SAFEFIT_MODE", "local") != "local":
        return None
    if named := os.environ.get("SAFEFIT_STATE"):
        return Path(named)
    return devdb.DEFAULT_STATE if devdb.DEFAULT_STATE.exists() else None


def main() -> None:
    if sys.argv[1:2] and sys.argv[1] in WITHOUT_DATABASE and not os.environ.get("DATABASE_URL"):
        devdb.prepare_for_no_database()
    elif state := private_state():
        try:
            devdb.prepare_environment(state)
        except DatabaseTrouble as trouble:
            sys.exit(f"SafeFit: {trouble}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safefit.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as trouble:  # its words say how to fix it; where it was raised helps nobody
        sys.stderr.write(f"SafeFit: {trouble}\n")
        sys.exit(os.EX_CONFIG)


if __name__ == "__main__":
    main()
