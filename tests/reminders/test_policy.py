"""The ladder of tries."""

from datetime import timedelta

from plans.reminders import policy


def test_a_letter_is_tried_again_after_1_5_15_60_and_240_minutes_and_then_no_more():
    waits = [policy.retry_after(tries) for tries in range(1, 7)]
    assert waits == [*(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)), None]
