"""A file of a paper depends on nothing but the paper."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings

from plans.reports.printing import docx, xlsx
from tests.reports.papers import letter_paper, sample_paper

pytestmark = pytest.mark.embedded

CODE = """
import hashlib, django
django.setup()
from plans.reports.printing import docx, xlsx
from tests.reports.papers import sample_paper
for form in (docx, xlsx):
    print(hashlib.sha256(form.render(sample_paper(20))).hexdigest())
"""


def digests_elsewhere(**environment):
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "papi_portal.settings_test", **environment},
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout.decode().split()


def test_the_same_paper_gives_the_same_bytes_on_another_day_and_in_another_process():
    with time_machine.travel(datetime(2031, 7, 8, tzinfo=UTC)):
        files = [form.render(sample_paper(20)) for form in (docx, xlsx)]
    here = [hashlib.sha256(content).hexdigest() for content in files]
    assert digests_elsewhere(PYTHONHASHSEED="2", TZ="Asia/Tokyo") == here


def test_another_paper_gives_other_bytes():
    paper = letter_paper()
    for form in (docx, xlsx):
        assert form.render(paper) != form.render(replace(paper, author="Sở Tài chính"))
