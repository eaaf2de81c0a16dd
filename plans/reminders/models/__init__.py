"""What reminders keep: rules of a province, letters and what they told, gateways, absences."""

from plans.reminders.models.absence import Leave, LinkUse, MailChoice
from plans.reminders.models.calendar import CalendarDay, CalendarDecision
from plans.reminders.models.feed import CalendarFeed
from plans.reminders.models.heartbeat import Heartbeat
from plans.reminders.models.ladder import ProvinceLadder, Rung
from plans.reminders.models.letters import (
    Delivery,
    LastMorning,
    Mail,
    Notice,
    PlannedDay,
    Reminder,
)
from plans.reminders.models.webhook import Webhook, WebhookCall

__all__ = [
    "CalendarDay",
    "CalendarDecision",
    "CalendarFeed",
    "Delivery",
    "Heartbeat",
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
    "Webhook",
    "WebhookCall",
]
