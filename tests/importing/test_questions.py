"""What an import asks before it writes: the places in the file, as text and one below another."""

from django.template.loader import render_to_string

from papi_portal.sheets import Preview
from papi_portal.sheets.changes import Question
from plans.forms.importing import ConfirmForm


def asked(*places):
    question = Question("x", "Vẫn nhập?", (("yes", "Vẫn nhập"),), places)
    return render_to_string(
        "_form.html", {"form": ConfirmForm(preview=Preview([], questions=[question]))}
    )


def test_cells_quoted_in_a_question_stay_text():
    page = asked("Dòng 2: “<img src=x onerror=alert(1)>”")
    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_the_places_of_a_question_stand_below_one_another():
    assert "<ul><li>Dòng 2</li><li>Dòng 7; cột B</li></ul>" in asked("Dòng 2", "Dòng 7; cột B")
