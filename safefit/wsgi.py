"""The WSGI application that the web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safefit.settings")

application = get_wsgi_application()
gc.freeze()  # what has been loaded stays: the collector need not walk it again and again
