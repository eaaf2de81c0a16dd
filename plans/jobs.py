"""Wakes workers for documents and spreadsheets; how often one is tried again is decided here."""

from __future__ import annotations

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from plans import readings, unsaved
from plans.importing import pipeline
from plans.leases import LostLeaseError

logger = logging.getLogger(__name__)

# A second wake-up for a document that is still queued comes with the next sweep.
WAKE_UP_SECONDS = 55


@shared_task
def read_document(pk: int) -> None:
    """Read the document `pk`; a second run, or one that comes too late, finds nothing to do."""
    reading = readings.claim(pk, now=timezone.now())
    if reading is None:
        return
    try:
        readings.read(reading)
    except LostLeaseError:
        logger.warning("reading %s, attempt %s: taken over", reading.pk, reading.attempt)
    except Exception:
        logger.exception("reading %s, attempt %s", reading.pk, reading.attempt)
        readings.try_again(reading, now=timezone.now())


def wake(pk: int) -> None:
    """Wake a worker for the document `pk` once it is committed.

    A broker that is down is logged and no more: the row is kept, the next sweep finds it.
    """

    # A function and no partial: Django writes its name into the log.
    def send() -> None:
        read_document.apply_async((pk,), retry=False)

    transaction.on_commit(send, robust=True)


@shared_task
def sweep_readings() -> None:
    """Each minute: whatever the broker or a worker has lost is taken up again."""
    for pk in readings.sweep(now=timezone.now()):
        read_document.apply_async((pk,), expires=WAKE_UP_SECONDS)


@shared_task
def forget_unsaved_rows() -> None:
    """Each night: what people typed into a grid long ago and never came back for."""
    unsaved.forget_old(now=timezone.now())


@shared_task
def preview_sheet(pk: int) -> None:
    """Preview the spreadsheet `pk`; a second run, or one that comes too late, does nothing."""
    row = pipeline.claim(pk, now=timezone.now())
    if row is None:
        return
    try:
        pipeline.preview(row, today=timezone.localdate())
    except LostLeaseError:
        logger.warning("spreadsheet %s, attempt %s: taken over", row.pk, row.attempt)
    except Exception:
        logger.exception("spreadsheet %s, attempt %s", row.pk, row.attempt)
        pipeline.try_again(row, now=timezone.now())


def wake_for_sheet(pk: int) -> None:
    """Wake a worker for the spreadsheet `pk` once it is committed; see `wake`."""

    def send() -> None:
        preview_sheet.apply_async((pk,), retry=False)

    transaction.on_commit(send, robust=True)


@shared_task
def sweep_sheets() -> None:
    """Each minute: whatever the broker or a worker has lost is taken up again."""
    for pk in pipeline.sweep(now=timezone.now()):
        preview_sheet.apply_async((pk,), expires=WAKE_UP_SECONDS)


@shared_task
def clean_readings() -> None:
    """Each night: documents that nobody needs any more; a second run finds nothing."""
    deleted = readings.clean_up(now=timezone.now())
    if deleted:
        logger.info("cleaned up %s documents that were read", deleted)


@shared_task
def clean_sheets() -> None:
    """Each night: spreadsheets that were given long ago; a second run finds nothing."""
    deleted = pipeline.clean_up(now=timezone.now())
    if deleted:
        logger.info("cleaned up %s spreadsheets", deleted)
