"""What reminders keep: letters and what they told, addresses of calendars."""

from plans.reminders.models.feed import CalendarFeed
from plans.reminders.models.letters import Mail, Notice, PlannedDay, Reminder

__all__ = ["CalendarFeed", "Mail", "Notice", "PlannedDay", "Reminder"]
