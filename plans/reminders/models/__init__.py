"""Reminders, letters and their outbox, gateways, notices, and signs of life."""

from plans.reminders.models.heartbeat import Heartbeat
from plans.reminders.models.letters import Delivery, Mail, Notice, PlannedDay, Reminder
from plans.reminders.models.webhook import Webhook, WebhookCall

__all__ = [
    "Delivery",
    "Heartbeat",
    "Mail",
    "Notice",
    "PlannedDay",
    "Reminder",
    "Webhook",
    "WebhookCall",
]
