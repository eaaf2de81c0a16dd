"""What holds for every template: strict CSP, known icons, faults tied to their fields."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
# Mails and papers carry their own style.
PAGES = [path for path in TEMPLATES if not {"paper", "email", "mail"} & set(path.parts)]
ERRORS = ["400", "403", "403_csrf", "404", "413", "429"]


class ExampleForm(forms.Form):
    number = forms.CharField(label="Số, ký hiệu", help_text="Ví dụ 149/KH-UBND.")
    kind = forms.ChoiceField(label="Loại", choices=[("a", "Một")], widget=forms.RadioSelect)
    is_urgent = forms.BooleanField(label="Gấp")


@pytest.fixture
def request_of_a_stranger():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return request


def test_no_page_has_style_or_script_that_the_security_policy_forbids():
    forbidden = re.compile(
        r"""\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:|hx-on"""
    )
    found = [f"{path}: {hit}" for path in PAGES for hit in forbidden.findall(path.read_text())]
    assert found == []


def test_every_icon_that_a_template_names_is_in_the_sprite():
    sprite = (settings.BASE_DIR / "static/icons/sprite.svg").read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r'{% icon "([^"]+)"|icon_name="([^"]+)"', path.read_text())
        for name in name
        if name
    }
    assert named <= known


def test_every_static_file_that_a_template_names_exists():
    for path in TEMPLATES:
        for name in re.findall(r'{% static "([^"]+)" %}', path.read_text()):
            assert (settings.BASE_DIR / "static" / name).is_file(), f"{path}: {name}"


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_says_in_vietnamese_what_happened(request_of_a_stranger, name):
    html = render_to_string(f"errors/{name}.html", request=request_of_a_stranger)
    assert f"Mã lỗi {name[:3]}" in html
    assert html.count("<h1") == 1


def test_the_page_of_a_server_error_needs_nothing():
    assert "Cổng gặp lỗi" in render_to_string("errors/500.html")
    source = Path(settings.BASE_DIR / "templates/errors/500.html").read_text()
    assert "{%" not in source


def test_each_fault_of_a_form_is_listed_with_a_link_to_its_field():
    html = render_to_string("_form.html", {"form": ExampleForm({})})
    targets = re.findall(r'<li><a href="#([^"]+)"', html)
    assert targets == ["id_number", "id_kind", "id_is_urgent"]
    for target in targets:
        assert f'id="{target}"' in html


def test_the_help_and_the_fault_of_a_field_are_tied_to_it():
    html = render_to_string("_form.html", {"form": ExampleForm({})})
    described = re.search(r'name="number"[^>]*aria-describedby="([^"]+)"', html)
    assert described is not None
    for name in described[1].split():
        assert f'id="{name}"' in html
    assert 'aria-invalid="true"' in html
