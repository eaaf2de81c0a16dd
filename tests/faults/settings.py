"""The portal's settings for runs under faults: a minute as long as wished, a clock that jumps.

FAULTS_MINUTE is the length of a minute of beat, leases and ladders in seconds; the file
FAULTS_CLOCK holds by how many seconds the clock is wrong.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from papi_portal.settings import *

CLOCK = Path(os.environ["FAULTS_CLOCK"])
MINUTE_SECONDS = float(os.environ["FAULTS_MINUTE"])
right_now = timezone.now


def now() -> datetime:
    """What a process of the portal takes for the time."""
    return right_now() + timedelta(seconds=float(CLOCK.read_text()))


timezone.now = now

# After the clock, for modules take what they need of it when they are loaded.
from plans.reminders import tries  # noqa: E402

tries.MINUTE = timedelta(seconds=MINUTE_SECONDS)
# An answer that takes longer than this is none; a lease must outlast all answers of a letter,
# and a machine that is busy with other tests.
EMAIL_TIMEOUT = 20 if MINUTE_SECONDS >= 60 else 4
EMAIL_TAKING_TIMEOUT = EMAIL_TIMEOUT
tries.LEASE_MINUTES = max(tries.LEASE_MINUTES, round(12 / MINUTE_SECONDS))
# As with real minutes: who is doubted has the time of the longest answer.
tries.DOUBT_MINUTES = max(tries.DOUBT_MINUTES, round(EMAIL_TAKING_TIMEOUT / MINUTE_SECONDS))

EACH_MINUTE = {"schedule": MINUTE_SECONDS, "options": {"expires": MINUTE_SECONDS}}
JOBS = "plans.reminders.jobs"
CELERY_BEAT_SCHEDULE = {
    "plan-reminders": {"task": f"{JOBS}.plan_reminders", **EACH_MINUTE},
    "send-due-mail": {"task": f"{JOBS}.send_due_mail", **EACH_MINUTE},
}
