"""How long a planner holds a day."""

from datetime import timedelta

LEASE = timedelta(minutes=5)
