"""The reader against the labelled documents: what is promised of it is kept."""

import pytest

from tests.reader.labelled import figures, reading

# The reader knows no database.
pytestmark = pytest.mark.embedded


# The number of the last document the reader was tuned on. Those after it came later: raise it as
# the reader learns to read them.
LAST_TUNED = 58


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    return reading.read_all(tmp_path_factory.mktemp("labelled"))


def test_the_promised_precision_and_recall_are_reached(outcome):
    tuned = [verdict for verdict in outcome.verdicts if int(verdict.name[:2]) <= LAST_TUNED]
    assert len(tuned) == LAST_TUNED
    assert figures.broken_promises(figures.total(tuned)) == []


def test_no_value_is_given_without_its_place_in_the_source(outcome):
    assert [path for verdict in outcome.verdicts for path in verdict.without_span] == []


def test_what_cannot_be_read_is_refused_in_one_line_and_nothing_else_is(outcome):
    assert outcome.read_though_hostile == []
    assert outcome.refused_though_well == {}
    assert outcome.refused
    assert all(message and "\n" not in message for message in outcome.refused.values())
