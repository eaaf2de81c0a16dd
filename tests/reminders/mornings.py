"""Mornings as they usually go: planned at seven, and all letters delivered."""

from plans.reminders import planner
from plans.reminders.models import Mail
from plans.reminders.states import MailState
from tests.factories import at


def play(day):
    """Plan a day and deliver its letters; what was made."""
    made = plan(day)
    deliver(day)
    return made


def plan(day):
    """Plan a day whose letters nobody takes yet."""
    return planner.plan_day(day, at(day.year, day.month, day.day, 7))


def deliver(day):
    """The mail server takes what waits."""
    waiting = Mail.objects.filter(state=MailState.PENDING)
    waiting.update(state=MailState.SENT, sent_at=at(day.year, day.month, day.day, 8))
