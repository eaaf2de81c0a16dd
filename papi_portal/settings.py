"""Settings of the portal, all from the environment.

Without DATABASE_URL the portal runs embedded: everything it keeps lies in `var/`. With DATABASE_URL
it runs in production: it asks for its secret and its host names, and expects HTTPS.
"""

from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from papi_portal.secret_key import own_secret_key

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("PORTAL_VAR", default=str(BASE_DIR / "var")))

IS_EMBEDDED = not env.str("DATABASE_URL", default="")
DEBUG = env.bool("DEBUG", default=False)
REDIS_URL = env.str("REDIS_URL", default="")
PORT = env.int("PORT", default=8000)
HTTPS = env.bool("PORTAL_HTTPS", default=not IS_EMBEDDED)


def required(name: str, example: str) -> str:
    """Return what production cannot start without."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"Thiếu biến môi trường {name}: khi có DATABASE_URL thì phải đặt {name}, "
            f"ví dụ {example}."
        )
    return value


if IS_EMBEDDED:
    SECRET_KEY = env.str("SECRET_KEY", default="") or own_secret_key(VAR_DIR / "secret_key")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "[::1]"])
else:
    SECRET_KEY = required("SECRET_KEY", 'kết quả của lệnh "openssl rand -base64 48"')
    required("ALLOWED_HOSTS", "papi.laocai.gov.vn")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
# Where links in mails lead.
PORTAL_URL = env.str(
    "PORTAL_URL",
    default=f"http://127.0.0.1:{PORT}" if IS_EMBEDDED else f"https://{ALLOWED_HOSTS[0]}",
).rstrip("/")
# The health checks of containers and load balancers ask from the machine itself.
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "127.0.0.1"]

# Apps

INSTALLED_APPS = [
    "papi_portal",
    "agencies",
    "indicators",
    "plans",
    "plans.reminders",
    "plans.reports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "import_export",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "papi_portal.bodies.LargeBodyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "agencies.middleware.PrivatePageMiddleware",
    "agencies.middleware.IdleSessionMiddleware",
    "agencies.middleware.PasswordChangeMiddleware",
]

ROOT_URLCONF = "papi_portal.urls"
WSGI_APPLICATION = "papi_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "agencies.context.portal",
                "plans.reminders.context.notices",
            ],
        },
    },
]

# Database. No ATOMIC_REQUESTS: on SQLite every atomic block is the one write lock.

DATABASES: dict[str, dict[str, Any]]
if IS_EMBEDDED:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "portal.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                    # INSERT OR REPLACE deletes; what may not be deleted has a trigger.
                    "PRAGMA recursive_triggers=ON"
                ),
            },
        }
    }
else:
    DATABASES = {"default": env.db_url("DATABASE_URL")}
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c lock_timeout=5s"
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

CACHES: dict[str, dict[str, Any]]
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "portal",
            # Of 1 the values were pickled.
            "VERSION": 2,
            "OPTIONS": {
                "socket_timeout": 5,
                "socket_connect_timeout": 5,
                "serializer": "papi_portal.caching.JsonSerializer",
            },
        }
    }
else:
    # Embedded there is one web process, so its own memory is enough.
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Who is who

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "agencies.passwords.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

ACCOUNT_ADAPTER = "agencies.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Accounts are made by invitation; the address has been proved by the office that invites.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# Number of proxies whose X-Forwarded-For is believed when attempts are counted per address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# Besides the library's own limits: reports by links of letters. An office is one address.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {"letter_link": "10/10m/key,300/10m/ip"}
MFA_TOTP_ISSUER = "Cổng PAPI"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# Sessions and browser security

SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "agencies.middleware.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 60 * 60) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# Only behind a proxy that always sets or removes X-Forwarded-Proto itself.
if env.bool("PROXY_SETS_PROTO", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

# Language and time

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt"))]
FORMAT_MODULE_PATH = ["papi_portal.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"

# Files

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
S3_BUCKET = env.str("S3_BUCKET", default="")

STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        ),
        # Whoever builds the image is not who serves them, and they are public.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
if S3_BUCKET:
    # Keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which boto3 reads itself.
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
            "region_name": env.str("S3_REGION", default=None),
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }

FILE_UPLOAD_PERMISSIONS = 0o640
# The entry grid of a plan of 150 tasks sends some thousands of fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# Rules that a province may set otherwise

EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=25 * 1024 * 1024)
# What a request may bring at all, its files included; the proxy of production has a limit too.
MAX_BODY_BYTES = max(60 * 1024 * 1024, EVIDENCE_MAX_BYTES + 5 * 1024 * 1024)
# An open assignment without a report for this long is silent.
SILENT_AFTER_DAYS = env.int("SILENT_AFTER_DAYS", default=90)
# Reminders of a day are written from this hour on, local time.
REMINDERS_FROM_HOUR = env.int("REMINDERS_FROM_HOUR", default=7)
# Reports count agencies by their share of due work done on time, between these percents; those
# below the highest are named to leaders only. The usual ones: Thanh Hóa, 9123/UBND-THKH.
ON_TIME_PERCENTS = sorted(env.list("ON_TIME_PERCENTS", cast=int, default=[50, 70, 80]))
# A document that was read, but of which no plan was made, is deleted when untouched for this long.
READING_KEEP_DAYS = env.int("READING_KEEP_DAYS", default=90)
# A spreadsheet that was given to be imported is deleted after this long, imported or not.
SHEET_KEEP_DAYS = env.int("SHEET_KEEP_DAYS", default=30)
# A notice in the portal is deleted so long after it was read; unread ones stay.
NOTICE_KEEP_DAYS = env.int("NOTICE_KEEP_DAYS", default=90)
# Questions of one address about codes printed on papers: enough for an office, too few to guess.
VERIFICATIONS_PER_MINUTE = env.int("VERIFICATIONS_PER_MINUTE", default=60)
# The certificate (PKCS #12) with which issued reports are signed; without one they are not.
SIGNING_P12 = env.str("SIGNING_P12", default="")
SIGNING_PASSWORD = env.str("SIGNING_PASSWORD", default="")

# Mail. Embedded, letters are files the administrator reads in the portal.

if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
    if vars()["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        EMAIL_BACKEND = "plans.reminders.patience.Backend"
else:
    EMAIL_BACKEND = "plans.reminders.mailbox.FileBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
# Of each answer of the server, and of the one by which it takes a letter;
# tries.LEASE_MINUTES has to be longer than all of them together.
EMAIL_TIMEOUT = 20
EMAIL_TAKING_TIMEOUT = 60
# The mailbox of the sender, where letters come back: imaps://name:password@host/INBOX, or
# maildir:///folder.
BOUNCES_URL = env.str("BOUNCES_URL", default="")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Cổng PAPI <cong-papi@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Machines inside that a gateway may stand on, as host:port; without it only public ones over HTTPS
# are called, so that nobody who can enter an address reaches what is behind the portal.
WEBHOOK_PRIVATE_HOSTS = env.list("WEBHOOK_PRIVATE_HOSTS", default=[])

# Background jobs

CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT: str | None = None  # the one the address names
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "visibility_timeout": 900,  # longer than the hard time limit: nothing runs twice at once
        "socket_timeout": 20,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 30,
    }
else:
    BROKER_DIR = VAR_DIR / "broker"
    CELERY_BROKER_TRANSPORT = "papi_portal.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
    for folder in ("messages", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000  # KB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A broker that restarts must not kill whoever has just handed a letter over; leases keep a job
# that the broker hands out again from being done twice.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
# Remote control through files would leave a queue behind for every question.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "plans.reminders.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = env.str("BEAT_SCHEDULE", default=str(VAR_DIR / "beat-schedule"))

# A wake-up nobody took within the minute is worthless: the next one finds the same rows.
EACH_MINUTE: dict[str, Any] = {"schedule": 60.0, "options": {"expires": 55}}


def at_night(task: str, hour: int, minute: int) -> dict[str, Any]:
    return {"task": task, "schedule": crontab(hour=hour, minute=minute)}


CELERY_BEAT_SCHEDULE = {
    "plan-reminders": {"task": "plans.reminders.jobs.plan_reminders", **EACH_MINUTE},
    "send-due-mail": {"task": "plans.reminders.jobs.send_due_mail", **EACH_MINUTE},
    "call-webhooks": {"task": "plans.reminders.jobs.call_webhooks", **EACH_MINUTE},
    "sweep-readings": {"task": "plans.jobs.sweep_readings", **EACH_MINUTE},
    "sweep-sheets": {"task": "plans.jobs.sweep_sheets", **EACH_MINUTE},
    "sweep-reports": {"task": "plans.reports.jobs.sweep_reports", **EACH_MINUTE},
    "ask-scheduled-reports": {"task": "plans.reports.jobs.ask_scheduled_reports", **EACH_MINUTE},
    "clean-readings": at_night("plans.jobs.clean_readings", 2, 30),
    "clean-sheets": at_night("plans.jobs.clean_sheets", 2, 35),
    "forget-unsaved-rows": at_night("plans.jobs.forget_unsaved_rows", 2, 40),
    "clean-notices": at_night("plans.reminders.jobs.clean_notices", 2, 45),
    "clean-report-files": at_night("plans.reports.jobs.clean_report_files", 2, 45),
    "check-invariants": at_night("plans.reminders.jobs.check_invariants", 3, 15),
}

if BOUNCES_URL:
    CELERY_BEAT_SCHEDULE["read-bounces"] = {
        "task": "plans.reminders.jobs.read_bounces",
        "schedule": 600.0,
        "options": {"expires": 590},
    }

# Logging: plain lines to standard output; whoever runs the process keeps them.

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "papi_portal.logs.SecretsFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "plain",
        }
    },
    "root": {"handlers": ["stdout"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Two lines for each job of each minute; errors still show.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
