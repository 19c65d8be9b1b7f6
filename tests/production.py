"""SafeFit as it starts in production, in a process of its own: settings are read once in each."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

PRODUCTION = {
    "SAFEFIT_MODE": "production",
    "SAFEFIT_SECRET_KEY": "only-for-tests-" + "0" * 50,
    "SAFEFIT_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "SAFEFIT_ALLOWED_HOSTS": "safefit.example",
    "DATABASE_URL": "postgresql://x@/x",
    "DJANGO_SETTINGS_MODULE": "safefit.settings",
}


def start(*program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with `program`'s arguments, on production's settings but for `environment`."""
    return subprocess.run(
        [sys.executable, *program],
        env={"PATH": os.environ["PATH"], **PRODUCTION, **environment},
        cwd=Path(settings.BASE_DIR),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
