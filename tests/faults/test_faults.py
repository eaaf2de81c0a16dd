"""Reminders while everything around them breaks; `bin/bench faults` is the long run.

FAULTS_SEED=… plays the faults of an earlier run again.
"""

import os
import random
import sys

import pytest

from tests import servers
from tests.faults.run import Plan, run

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="looks into /proc for who speaks with the mail server"
)

SHORT = Plan(people=150, seconds=8, minute=1.5, pause=(0.1, 0.6), pace=0.05, patience=75)
FEWEST_KILLS = 4
FEWEST_HITS = 15


@pytest.fixture
def seed():
    return int(os.environ.get("FAULTS_SEED") or random.randrange(1_000_000))


def judge(result):
    told = "\n".join([f"FAULTS_SEED={result.seed} {result}", *result.faults, result.logs])
    assert not result.faults, told
    assert result.letters == SHORT.people + SHORT.poisoned, told
    assert (result.failed, result.bounced) == (SHORT.poisoned, SHORT.people // 50), told
    assert "beat" in result.alive, told
    assert len([name for name in result.alive if name.startswith("worker ")]) == 2, told
    # A run that hit little proves nothing.
    assert result.kills >= FEWEST_KILLS, told
    assert sum(result.hits.values()) >= FEWEST_HITS, told


@pytest.mark.embedded
def test_no_letter_is_lost_or_sent_twice_by_the_embedded_portal(seed):
    with servers.scratch_folder() as folder:
        judge(run(SHORT, seed, folder, has_servers=False))


@pytest.mark.services
def test_no_letter_is_lost_or_sent_twice_over_postgresql_and_redis(seed):
    with servers.scratch_folder() as folder:
        judge(run(SHORT, seed, folder, has_servers=True))
