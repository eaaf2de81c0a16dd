"""Settings of the test suite; DATABASE_URL and REDIS_URL decide what it runs against."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost")
os.environ.setdefault("PORTAL_HTTPS", "false")
# Nothing a test does may reach the var/ of a portal that people use.
os.environ.setdefault("PORTAL_VAR", str(Path(tempfile.gettempdir()) / f"papi-test-{os.getuid()}"))

from papi_portal.settings import *  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# One connection in memory would be shared by all threads of the live server: two requests that a
# page sends at once would meet in one transaction, which no portal has.
if test_database := os.environ.get("TEST_DATABASE"):
    DATABASES["default"]["TEST"] = {"NAME": test_database}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT = None
CELERY_BROKER_TRANSPORT_OPTIONS = {}
# Hundreds of sign-ins a minute come from one address here; a test of the limits sets its own.
ACCOUNT_RATE_LIMITS = False
VERIFICATIONS_PER_MINUTE = 1_000_000
# WhiteNoise looks for the folder when it starts.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
