"""Waking workers: a broker that is down never reaches the person who pressed the button."""

import pytest
from kombu.exceptions import OperationalError

from plans import jobs

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("job", "wake"), [(jobs.read_document, jobs.wake), (jobs.preview_sheet, jobs.wake_for_sheet)]
)
def test_a_broker_that_is_down_is_a_word_in_the_log_and_no_error(
    job, wake, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def refuse(*_args, **_options):
        raise OperationalError("no broker")

    monkeypatch.setattr(job, "apply_async", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        wake(1)
    assert "no broker" in caplog.text
