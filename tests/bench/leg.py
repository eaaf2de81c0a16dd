"""One round of measuring on the database of the environment.

python -m tests.bench.leg part…
"""

import os
import platform
import sys

import django


def main(parts: list[str]) -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from tests.bench import (
        activation,
        data,
        forecast,
        grid,
        pages,
        reader,
        reminders,
        reports,
        scores,
        sheets,
        weight,
    )
    from tests.bench.measure import say

    today = timezone.localdate()
    call_command("migrate", verbosity=0)
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs"
    python = f"Python {platform.python_version()}"
    say(f"## {data.database_name(connection)}, {python}, {today:%d/%m/%Y}, {load}")
    say()
    # The pages go first: they are measured on the demo plan alone before the province joins it.
    if "pages" in parts:
        data.collect_static()
        pages.measure_pages(today)
    if "activation" in parts:
        activation.measure_activation(today)
    if "reminders" in parts:
        reminders.measure_reminders(today)
    if "reports" in parts:
        reports.measure_reports(today)
    if "weight" in parts:
        data.collect_static()
        weight.measure_weight(today)
    if "reader" in parts:
        reader.measure_reader()
    if "sheets" in parts:
        sheets.measure_sheets()
    if "grid" in parts:
        grid.measure_grid(today)
    if "forecast" in parts:
        forecast.measure_forecast()
    if "scores" in parts:
        data.collect_static()
        scores.measure_scores()


if __name__ == "__main__":
    main(sys.argv[1:])
