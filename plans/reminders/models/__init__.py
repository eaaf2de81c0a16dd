"""What reminders keep: rules of a province, letters and what they told, absences."""

from plans.reminders.models.absence import Leave, LinkUse, MailChoice
from plans.reminders.models.calendar import CalendarDay, CalendarDecision
from plans.reminders.models.feed import CalendarFeed
from plans.reminders.models.ladder import ProvinceLadder, Rung
from plans.reminders.models.letters import LastMorning, Mail, Notice, PlannedDay, Reminder

__all__ = [
    "CalendarDay",
    "CalendarDecision",
    "CalendarFeed",
    "LastMorning",
    "Leave",
    "LinkUse",
    "Mail",
    "MailChoice",
    "Notice",
    "PlannedDay",
    "ProvinceLadder",
    "Reminder",
    "Rung",
]
