"""Jobs: each is called by the clock or woken by what people do, and each queue has its worker."""

import inspect

from papi_portal.celery import app
from papi_portal.management.commands import portal
from plans.reports import jobs
from tests.platform.test_services import COMPOSE


def test_every_job_that_needs_no_row_is_called_by_the_clock(settings):
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if name.startswith("plans.")}
    by_the_clock = {
        name for name, task in ours.items() if not inspect.signature(task.run).parameters
    }
    called = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    # Only where there is a mailbox that letters come back to.
    assert not settings.BOUNCES_URL
    assert sorted([*called, "plans.reminders.jobs.read_bounces"]) == sorted(by_the_clock)


def test_every_queue_is_served_and_large_reports_by_a_worker_that_does_nothing_else():
    services = {name: service["command"] for name, service in COMPOSE["services"].items()
                if "worker" in service.get("command", ())}  # fmt: skip
    embedded = portal.commands("127.0.0.1", 8000, 2)
    for commands in (services, {name: embedded[name] for name in ("worker", "heavy")}):
        served = {name: words[words.index("--queues") + 1] for name, words in commands.items()}
        assert served == {
            "worker": f"{app.conf.task_default_queue},{jobs.QUEUE}",
            "heavy": jobs.HEAVY_QUEUE,
        }
