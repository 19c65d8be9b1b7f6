"""The WSGI application that the web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safefit.settings")
# So many seconds a page waits for one answer of the database: longer than anybody waits for a lock (classes/locks.py).
os.environ.setdefault("SAFEFIT_DATABASE_SILENCE", "4")
# It changes nothing by a clock that is not the database's (safefit/right_clock.py).
os.environ.setdefault("SAFEFIT_CHECK_CLOCK", "true")

application = get_wsgi_application()
gc.freeze()  # what has been loaded stays: the collector need not walk it again and again
