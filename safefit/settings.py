"""Settings: one file, safe for production unless the environment says otherwise.

Everything that differs between copies is read from the environment (see
.env.example); a missing value stops the start with a sentence on how to set it.
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from safefit import env

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.mode()
PRODUCTION = MODE is env.Mode.PRODUCTION

# --- what this copy is -------------------------------------------------------
SECRET_KEY = env.secret_key("SAFEFIT_SECRET_KEY")
ENCRYPTION_KEYS = env.encryption_keys("SAFEFIT_ENCRYPTION_KEYS")
DEBUG = False  # tracebacks never leave the server, in no mode; logs carry them
DEMO = env.flag("SAFEFIT_DEMO", default=not PRODUCTION)
if DEMO and PRODUCTION:
    raise ImproperlyConfigured(
        "SAFEFIT_DEMO lets anybody sign in as a demo person, so it cannot be on in production. "
        "Take SAFEFIT_DEMO out, or set SAFEFIT_MODE=local on a copy that holds no real people."
    )
ALLOWED_HOSTS = env.hosts("SAFEFIT_ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
STATE_DIR = Path(env.text("SAFEFIT_STATE", default=str(BASE_DIR / ".state")))
PUBLIC_URL = env.site_address(
    "SAFEFIT_PUBLIC_URL",
    default=f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else env.written_address(STATE_DIR),
    secure=PRODUCTION,
)
PHONE = env.text("SAFEFIT_PHONE", default="01632 960 000")
PHONE_IN_WORDS = f"{PHONE} (with Relay UK, dial 18001 first)"  # in a sentence; templates have ui.our_number()
POSTAL_ADDRESS = env.text("SAFEFIT_POSTAL_ADDRESS", default="" if PRODUCTION else "12 Sample Street, Anytown, AN1 1AA")
LEADER_MISSING_AFTER = env.minutes("SAFEFIT_LEADER_MISSING_AFTER", default=10)  # of a class that has begun
PHONE_HOURS = env.text("SAFEFIT_PHONE_HOURS", default="Monday to Friday, 9am to 5pm")
STARTED_ELSEWHERE = env.share_from_elsewhere("SAFEFIT_STARTED_ELSEWHERE")  # beside who started, in summaries

EQ5D_VALUE_SETS = ("UK_2026", "ENG_2018")  # every form is scored in each of them, as its recipe has them
EQ5D_VALUE_SET = env.one_of("SAFEFIT_EQ5D_VALUE_SET", known=EQ5D_VALUE_SETS, default="UK_2026")  # its index is told in

# --- the house ---------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "pgtrigger",
    "pghistory",
    "django_linear_migrations",
    "procrastinate.contrib.django",
    "csp",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
    "localflavor",
    "phonenumber_field",
    "accounts",
    "messaging",
    "participants",
    "instructors",
    "classes",
    "outcomes",
    "records",
    "frontend",
    "safefit",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "safefit.policy.PolicyMiddleware",
    "safefit.body_size.bound_what_is_sent",
    "safefit.right_clock.RightClockMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.sessions.WhoMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.signin.SecondFactorMiddleware",
    "safefit.request_log.one_line_each",
    "safefit.errors.BusyMiddleware",
    "safefit.errors.explain_wrong_method",
]
ROOT_URLCONF = "safefit.urls"
WSGI_APPLICATION = "safefit.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "safefit.jinja.environment",
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "frontend.context.site",
            ],
        },
    },
    {  # only what third-party pages bring: the API documentation
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the login address is unique without regard to case, by a constraint of its own
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES: dict[str, str] = {}

# --- database ----------------------------------------------------------------
DATABASES = {
    "default": {
        **env.database(),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,  # actions open their own transactions
    }
}
PGHISTORY_DEFAULT_TRACKERS = ()  # each model names its trackers through accounts.history.tracked
PGHISTORY_APPEND_ONLY = True

CHECKS_CLOCK = env.flag("SAFEFIT_CHECK_CLOCK", default=False)  # by the web server: wsgi.py

# --- time and language -------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
PHONENUMBER_DEFAULT_REGION = "GB"
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"
PHONENUMBER_DB_FORMAT = "E164"

# --- static files ------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = MODE is env.Mode.TEST  # tests collect nothing: files are found where they lie
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": {
            env.Mode.PRODUCTION: "whitenoise.storage.CompressedManifestStaticFilesStorage",
            env.Mode.LOCAL: "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
            env.Mode.TEST: "django.contrib.staticfiles.storage.StaticFilesStorage",
        }[MODE]
    },
}

# --- who is signed in --------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.entrance.SignInBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "accounts.sessions"  # in the database; never signed cookies: an emailed code would lie in them
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
# Minutes without anything done after which somebody who sees other people's records signs in again (accounts/idle.py).
IDLE_MINUTES = env.minutes("SAFEFIT_IDLE_MINUTES", default=30)
IDLE_MINUTES_TEACHING = env.minutes("SAFEFIT_IDLE_MINUTES_TEACHING", default=90)  # a class, and what comes before it
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "safefit.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.items("SAFEFIT_TRUSTED_ORIGINS", default=[PUBLIC_URL] if PRODUCTION else [])
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"

ACCOUNT_ADAPTER = "messaging.sign_in_codes.EntranceByWorker"
SIGN_IN_STEPS = ["frontend.views.public.first_sign_in.FirstSignInStep"]  # after those of allauth
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # nobody signs up here; it makes the staff's form ask for a password
ACCOUNT_EMAIL_VERIFICATION = "none"  # the emailed code proves the mailbox; staff get their link from an administrator
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # accounts.entrance_pages writes to them, in our words
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_TIMEOUT = 30 * 60  # longer than a code lives, so that an old code is answered with a sentence
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.password_links.PasswordLinks"  # noqa: S105  a class
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # of a link that a person hands over; one sent by email has ten minutes
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# A key is an email address, or a device on which its owner has signed in before (accounts/known_devices.py).
# Guesses at six digits stay below one in 10,000 a day for each.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,5/10m/key,30/d/key",
    "request_login_code_from_here": "10/d/key",  # a key is an address and the network that asks
    "confirm_login_code": "60/m/ip,10/10m/key,70/d/key",  # and the first in each browser, of 30 that may ask
    "text_login_code": "6/h/key,15/d/key",
    "text_login_codes": "200/h/key",  # of all of them together: each costs money
    "reset_password": "20/m/ip",
    "forgotten_password": "5/h/key",  # counted by our form
    "have_your_say": "10/h/ip,300/d/key",  # a key is a programme
    "start_registration": "60/h/ip",  # a hospital, or a hall on the day of a talk, comes from one address
    "come_back": "20/h/ip,5/h/key",  # a key is a reference, whether or not there is one
    "return_link": "20/h/ip",
    "return_link_to": "6/d/key",  # a key is whom it would go to; from one draft go fewer
    "return_texts": "200/h/key",  # of all of them together: each costs money
    "refer": "30/h/ip,300/d/key",  # a key is a programme; a whole hospital may come from one address
    "write_to_referred": "2/d/key",  # a key is whom a link would go to
    "page_feedback": "20/h/ip",
    "client_token": "30/m/ip,60/h/key",  # a key is a machine client's number as said from one address
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("SAFEFIT_BEHIND_PROXY", default=False) else 0
MFA_ADAPTER = "accounts.entrance.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "SafeFit"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off; a used code stays used (accounts.entrance_forms)
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Machine clients of partners (outcomes/api/tokens.py): one grant, one endpoint, no page of the library's own.
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 15 * 60
IDP_OIDC_ACCESS_TOKEN_FORMAT = "opaque"  # noqa: S105 - kept as a hash, so that one that is taken back is worth nothing
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]
CACHES = {  # shared by every process, so that limits on attempts hold; the table comes with accounts' migrations
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        # Above this many, counts that still hold are thrown away, and the limits with them (300 unless it is said).
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
    # In each process by itself, for half a minute: what stands on every page (frontend/site_notices.py).
    "here": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# --- on the wire -------------------------------------------------------------
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("SAFEFIT_BEHIND_PROXY", default=False) else None
)
SECURE_REFERRER_POLICY = "same-origin"  # with "no-referrer" a browser posts with Origin: null, which CSRF checks refuse
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # without the files in it
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# More than any form takes, and the most that is read of any request (safefit/body_size.py): a file is held in memory up
# to here, so what is sent lies on no disk on its way.
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

# --- messages ----------------------------------------------------------------
EMAIL_FILE_PATH = STATE_DIR / "mail"
_email = env.email("smtp://localhost:25" if PRODUCTION else "filemail://")
EMAIL_BACKEND = str(_email["EMAIL_BACKEND"]).replace("django.core.mail.backends.smtp", "messaging.mailserver")
EMAIL_HOST = str(_email.get("EMAIL_HOST") or "")
EMAIL_PORT = int(str(_email.get("EMAIL_PORT") or 25))
EMAIL_HOST_USER = str(_email.get("EMAIL_HOST_USER") or "")
EMAIL_HOST_PASSWORD = str(_email.get("EMAIL_HOST_PASSWORD") or "")
EMAIL_USE_TLS = bool(_email.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_email.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 20  # seconds for one message, from connecting to the last answer (messaging/mailserver.py)
DEFAULT_FROM_EMAIL = env.sender("SAFEFIT_FROM_EMAIL", default="SafeFit <hello@safefit.example>")

_texts = env.texts("SAFEFIT_TEXTS", default="folder" if MODE is env.Mode.LOCAL else "off", production=PRODUCTION)
TEXT_GATEWAY = _texts.gateway  # "" when nobody carries text messages: then whoever wants one is called
TEXT_FILE_PATH = STATE_DIR / "texts"
NOTIFY_CALLBACK_TOKEN = env.callback_token("SAFEFIT_NOTIFY_CALLBACK_TOKEN")  # "": nobody tells us of texts that come
NOTIFY_KEY, NOTIFY_TEMPLATE, NOTIFY_URL = _texts.key, _texts.template, _texts.address

# --- worker ------------------------------------------------------------------
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 24 * 60 * 60}  # a nightly job missed while switched off is made up for

# --- research extracts ---------------------------------------------------------
EXTRACT_KEYS = Path(env.text("SAFEFIT_EXTRACT_KEYS", default=str(STATE_DIR / "extract-keys")))  # the worker's alone

# --- API ---------------------------------------------------------------------
REST_FRAMEWORK = {  # parsers, filters, pages and authentication stand on the classes of safefit.api
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "safefit.openapi.Papers",
    "EXCEPTION_HANDLER": "safefit.api.problem_response",
    "URL_FORMAT_OVERRIDE": None,  # there is one format; ?format= is an unknown parameter like any other
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "SafeFit API",
    "VERSION": "1",
    "DESCRIPTION": "Classes, bookings, registers, wellbeing checks and released summaries. "
    "Sign in through the site; unsafe requests carry the CSRF token. Partners' systems read summaries with a token.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {  # what several shapes call "mode" or "state", each by a name of its own
        "AccessNeedKind": "participants.models.AccessNeedKind",
        "AnswerMode": "outcomes.models.AnswerMode",
        "TypedMode": "outcomes.api.questionnaires.TYPED_MODES",
        "AssessmentState": "outcomes.models.AssessmentState",
        "AttendanceState": "classes.models.AttendanceState",
        "BookingState": "classes.models.BookingState",
        "ClearanceState": "participants.models.ClearanceState",
        "MessageState": "messaging.models.MessageState",
        "ParticipantStatus": "participants.models.ParticipantStatus",
        "TaskState": "messaging.models.TaskState",
        "CancelReason": "classes.places.booking.CANCEL_REASONS",
        "CancelScope": "classes.api.timetable.cancelling.SCOPES",
        "CautionKind": "classes.timetable.cautions.CautionKind",
        "ContactChannel": "accounts.models.Channel",
        "ClassMode": "classes.models.Mode",
        "ClassAspect": "classes.api.timetable.written.ASPECTS",
        "ClassKind": "classes.models.SessionKind",
        "ClassScope": "classes.api.timetable.changing.SCOPES",
        "ObstacleKind": "classes.timetable.plans.ObstacleKind",
        "ClassStatus": "classes.models.SessionStatus",
        "VenueFact": "classes.models.Fact",
    },
}

# --- logs: structured, and nothing personal in them --------------------------
LOGGING_CONFIG = "safefit.logs.configure"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "safefit.logs.Formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {
        "procrastinate": {"level": "WARNING"},  # it names every job it reads, several times a second
        "notifications_python_client": {"level": "CRITICAL"},  # what Notify says of a text may hold its number
    },
    "root": {"handlers": ["console"], "level": "WARNING" if MODE is env.Mode.TEST else "INFO"},
}
