"""A worker with one process and one job, over the broker of files in the folder BROKER_FOLDER."""

import os
from pathlib import Path

from celery import Celery

FOLDER = Path(os.environ.get("BROKER_FOLDER", "."))

app = Celery("small", broker="filesystem://")
app.conf.update(
    broker_transport="papi_portal.broker:Transport",
    broker_transport_options={
        "data_folder_in": str(FOLDER / "messages"),
        "data_folder_out": str(FOLDER / "messages"),
        "control_folder": str(FOLDER / "control"),
        "polling_interval": 0.1,
    },
    worker_enable_remote_control=False,
    task_ignore_result=True,
)


@app.task(name="touch")
def touch(name: str) -> None:
    """Leave the number of the process in a file."""
    unfinished = FOLDER / f"{name}.unfinished"
    unfinished.write_text(str(os.getpid()))
    unfinished.rename(FOLDER / name)
