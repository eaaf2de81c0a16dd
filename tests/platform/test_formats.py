"""Dates and numbers as Vietnamese offices write them."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.utils import formats
from django.utils.translation import override


def test_dates_are_written_day_first_and_numbers_with_a_decimal_comma():
    assert formats.date_format(date(2022, 3, 5)) == "05/03/2022"
    assert formats.localize(Decimal("42.1875")) == "42,1875"
    assert formats.get_format("FIRST_DAY_OF_WEEK") == 1


@pytest.mark.parametrize("typed", ["05/03/2022", "5-3-2022", "5.3.2022", "2022-03-05"])
def test_dates_are_read_day_first(typed):
    assert forms.DateField().clean(typed) == date(2022, 3, 5)


def test_a_form_shows_a_date_the_way_it_reads_it():
    assert 'value="05/03/2022"' in forms.DateInput().render("due_on", date(2022, 3, 5))


def test_the_portal_speaks_vietnamese_without_asking_the_browser(settings):
    assert "django.middleware.locale.LocaleMiddleware" not in settings.MIDDLEWARE
    with override(settings.LANGUAGE_CODE):
        assert formats.get_format("DECIMAL_SEPARATOR") == ","
