"""Every address of the portal × every role × own and foreign objects, against one table."""

import re
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path, PurePath
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone

from agencies.administration import reset_token
from agencies.urls import SHUT
from agencies.views import closed
from indicators.models import Index
from tests import access_table, access_world
from tests.access_table import FOREIGN, NO_SESSION, ROLES, ROWS, Row
from tests.access_world import INNER, PUBLIC, WORK

pytestmark = pytest.mark.django_db

NOBODY_KEY = 987654321
# All that answers without a session; whoever adds one says here that it is meant.
OPEN = {
    "livez",
    "readyz",
    "plans:home",
    "reminders:feed",  # whoever has the secret address
    "admin:login",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "reports:verify",
    "reports:verification",
    # 404 for everybody, see agencies.urls.SHUT, which stands before the library's own.
    *(f"tai-khoan/{page}" for page in SHUT),
    "account_signup",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    # Opened by what the portal has signed; see tests/reminders/test_links.py.
    "reminders:update_by_link",
    "reminders:reported_by_link",
    "reminders:unsubscribe",
}
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE)\b", re.IGNORECASE)
PARTS = {"HX-Request": "true", "Accept": "application/json"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Two provinces and a signed-in browser for everybody; built once, taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        today = timezone.localdate()
        ours = access_world.build("ours", name="Lào Cai", code="15", today=today)
        theirs = access_world.build("theirs", name="Sơn La", code="14", today=today)
        users = {role: user for role, user in ours.people.items() if role in ROLES}
        users |= {f"foreign_{role}": user for role, user in theirs.people.items()}
        users["superuser"] = access_world.superuser()
        cookies = {role: _signed_in(users[role]) for role in ROLES if role != "anonymous"}
        cookies["invited"] = _signed_in(ours.people["invited"])
        cookies["anonymous"] = SimpleCookie()
        client = Client()
        yield SimpleNamespace(
            client=client, ours=ours, theirs=theirs, users=users, cookies=cookies, today=today
        )
        transaction.set_rollback(True)


def _signed_in(user):
    client = Client()
    client.force_login(user)
    client.get("/thong-bao/")  # the first request of a session notes when it began
    return client.cookies


@contextmanager
def as_it_was():
    """Whatever happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def writes_told():
    """The statements that write, but for sessions."""
    written = []

    def note(execute, sql, params, many, context):
        if WRITES.match(sql) and "django_session" not in sql:
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield written


def ask(world, role, method, url, data=None, headers=None):
    client = world.client
    client.cookies = SimpleCookie(world.cookies[role].output(header="", sep=";"))
    return getattr(client, method)(url, data or {}, headers=headers or {})


def find(side, path):
    """The object `path` of a province: "work.open", "people.colleague"."""
    first, _dot, second = path.partition(".")
    if first == "people":
        return side.people[second]
    found = getattr(side.objects, first)
    return found[second] if second else found


def address(row: Row, keys):
    """The address of a row with the keys given; those it still needs are told by the row."""
    special = {
        "account_reset_password_from_key": {"uidb36": "zzzzzz", "key": "a-b"},
        "account_confirm_email": {"key": "abc"},
        "reminders:feed": {"token": "A" * 43},
        "plans:import_sheet": {"slug": "co-quan"},
        "reminders:update_by_link": {"token": "abc"},
        "reminders:reported_by_link": {"token": "abc"},
        "reminders:unsubscribe": {"token": "abc"},
        "plans:import_template": {"slug": "nhiem-vu"},
        "plans:export_sheet": {"slug": "ten-khac"},
        "reports:verification": {"code": "ABCDE-23456"},
    }
    return (
        reverse(row.name, kwargs=special.get(row.name))
        if not keys
        else reverse(row.name, args=keys)
    )


def keys_of(row: Row, side):
    return [*(find(side, path).pk for path in (row.of, row.more) if path), *row.words]


def posted(row: Row, world, side):
    """What a person of the province `side` would send."""
    today = world.today
    person = side.people["colleague"]
    values = {
        "year": today.year,
        "next_year": today.year + 1,
        "today": f"{today:%d/%m/%Y}",
        "province": side.objects.province.pk,
        "monitor": side.objects.agency["office"].name,
        "index": Index.objects.get().pk,
        "agency": side.objects.agency["lead"].pk,
        "post": side.objects.post["colleague"].pk,
        "task": side.objects.task.pk,
        "plan": side.objects.active.pk,
        "reset_token": reset_token(person),
        "sheet": PurePath(side.objects.sheet.file_name).stem,
    }
    return {
        name.format(**values): value.format(**values) if isinstance(value, str) else value()
        for name, value in row.post_data.items()
    }


def whole(response):
    """Everything a browser is told: status, headers, cookies and content, as text."""
    content = b"".join(response) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return (
        f"{response.status_code}\n{headers}\n{response.cookies}\n{content.decode(errors='replace')}"
    )


def plain(response, told, *keys):
    """`told` without what differs from one request to the next: tokens and the keys asked for."""
    told = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", told)
    told = re.sub(
        r"(Set-Cookie|Content-Length): [^\n]+|(csrftoken|sessionid|messages)=[^\n]+", "", told
    )
    told = re.sub(r'name="token" value="[^"]+"|"X-CSRFToken": ?"[^"]+"', "", told)
    for key in keys:
        told = told.replace(str(key), "#")
    return re.sub(r"\n\s*\n", "\n", told)


def all_patterns(resolver=None, names=()):
    """Every pattern of the portal with the name that `reverse` knows it by ("" without one)."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join((*names, entry.name)) if entry.name else "", entry
        else:
            inner = (*names, entry.namespace) if entry.namespace else names
            yield from all_patterns(entry, inner)


def forbidden_words(world, role, data):
    """Words that `role` must not meet, with what they are from; what it typed itself may echo."""
    typed = " ".join(str(value) for value in data.values())
    ours, theirs = world.ours, world.theirs
    if role in NO_SESSION:
        words = {**theirs.all_words(), **ours.all_words()}
    elif role in FOREIGN:
        words = ours.all_words()
    elif role == "superuser":
        words = {}
    else:
        words = {**theirs.all_words(), **kept_from(ours, role)}
    return {word: label for label, word in words.items() if word not in typed}


def kept_from(side, role):
    """Words of the person's own province that are not for `role`."""
    public, work, inner = (side.words[kind] for kind in (PUBLIC, WORK, INNER))
    own = f"{role}, "
    inner = {label: word for label, word in inner.items() if not label.startswith(own)}
    notice = {"notice": work["notice"]} if role != "head" else {}
    letters = {label: word for label, word in inner.items() if label.startswith("letter, ")}
    if role == "ended":
        return public | work | inner
    if role == "other_head":
        # Who shares the agency may be asked to read one's letters.
        return work | {label: word for label, word in inner.items() if label != "colleague, name"}
    if role in {"head", "officer", "supporter"}:
        # Whoever reported, confirmed or directed is named in the log of the work.
        return notice | {k: word for k, word in inner.items() if not k.endswith(", name")}
    return notice if role == "administrator" else notice | letters


def visit(world, role, method, row):
    """What is wrong with the answer of one address to one role."""
    url = address(row, keys_of(row, world.ours))
    data = posted(row, world, world.ours) if method == "post" else {}
    expected = getattr(row, method).status(role, has_text=bool(data))
    with as_it_was(), writes_told() as written:
        response = ask(world, role, method, url, data)
        told = whole(response)
    if response.status_code != expected:
        yield f"{response.status_code}, not {expected}"
    if written and (expected >= 400 or role in NO_SESSION):
        yield f"refused, yet wrote {written}"
    for word, label in forbidden_words(world, role, data).items():
        if word in told:
            yield f"tells the {label}"
    is_stranger = role in FOREIGN or role in NO_SESSION or role == "ended"
    if row.of and not row.is_public and (expected == 404 or is_stranger):
        missing = [NOBODY_KEY] * len(keys_of(row, world.ours))
        with as_it_was():
            nobody = ask(world, role, method, address(row, missing), data)
        keys = (NOBODY_KEY, *keys_of(row, world.ours))
        if plain(response, told, *keys) != plain(nobody, whole(nobody), *keys):
            yield "differs from the answer for what does not exist"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_answers_each_role_as_the_table_says_and_tells_nothing_else(
    world, role, method
):
    wrong = [
        f"{method} {row.name} {row.label}: {fault}"
        for row in ROWS
        for fault in visit(world, role, method, row)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["foreign_office", "other_head"])
def test_parts_of_pages_and_json_tell_a_stranger_no_more_than_pages(world, role):
    told = []
    for row in ROWS:
        url = address(row, keys_of(row, world.ours))
        for method in ("get", "post") if row.of else ("get",):
            data = posted(row, world, world.ours) if method == "post" else {}
            with as_it_was(), writes_told() as written:
                response = ask(world, role, method, url, data, PARTS)
            allowed = getattr(row, method).status(role) < 400
            if not allowed and (response.status_code < 400 or written):
                told.append(f"{method} {row.name}: {response.status_code} {written}")
            page = whole(response)
            words = forbidden_words(world, role, data)
            told += [f"{row.name}: {words[word]}" for word in words if word in page]
    assert not told, "\n".join(told)


# Every list that looks for a word, the parameter, and the endings of labels it looks into.
SEARCHES = {
    "plans:search": ("q", (", number", ", title", ", issuer", ", name", ", product")),
    "plans:plans": ("q", (", number", ", title", ", issuer")),
    "plans:assignments": ("q", (" work, number", " work, name", " work, product")),
    "agencies:agencies": ("q", ("agency", "agency, short", "agency, code", "agency, alias")),
    "agencies:people": ("q", (", name", ", address", "agency")),
    "reminders:mails": ("tim", ("letter, name", "letter, address")),
}


@pytest.mark.parametrize("role", ["foreign_administrator", "other_head"])
def test_no_search_finds_what_is_not_for_the_reader(world, role):
    words = forbidden_words(world, role, {})
    found = []
    for name, (parameter, endings) in SEARCHES.items():
        url = f"{reverse(name)}?{parameter}="
        nothing = plain_of(ask(world, role, "get", f"{url}zqnowherexj"), "zqnowherexj")
        for word in (word for word, label in words.items() if label.endswith(endings)):
            if plain_of(ask(world, role, "get", f"{url}{word}"), word) != nothing:
                found.append(f"{name}: {words[word]}")
    assert not found, "\n".join(found)


def plain_of(response, *words):
    return plain(response, whole(response), *words)


def test_filters_that_name_foreign_rows_answer_as_for_rows_that_do_not_exist(world):
    made = world.ours.objects
    rows = {
        ("plans:assignments", "cq"): made.agency["lead"],
        ("plans:assignments", "kh"): made.active,
        ("plans:assignments", "sau"): made.work["open"],
        ("plans:overview", "ke-hoach"): made.active,
        ("plans:plans", "sau"): made.active,
        ("agencies:agencies", "tinh"): made.province,
        ("agencies:agencies", "sau"): made.agency["other"],
        ("agencies:people", "sau"): world.ours.people["head"],
        ("agencies:invite", "tinh"): made.province,
        ("agencies:invite", "co-quan"): made.agency["lead"],
        ("reminders:notices", "sau"): made.notice,
        ("reports:reports", "sau"): made.report,
        ("reports:reports", "ke-hoach"): made.active,
    }
    wrong = []
    for (name, parameter), row in rows.items():
        role = "foreign_administrator" if name.startswith("agencies:") else "foreign_office"
        nobody = 0 if parameter == "sau" else NOBODY_KEY
        texts = []
        for key in (row.pk, nobody):
            value = f".{key}" if name == "plans:assignments" and parameter == "sau" else key
            response = ask(world, role, "get", f"{reverse(name)}?{parameter}={value}")
            texts.append(re.sub(rf"\b({row.pk}|{nobody})\b", "#", plain_of(response)))
            words = forbidden_words(world, role, {})
            wrong += [f"{name}: {words[word]}" for word in words if word in texts[-1]]
        if parameter != "sau" and texts[0] != texts[1]:
            wrong.append(f"{name}?{parameter}= tells a foreign row from none")
    assert not wrong, "\n".join(wrong)


def test_a_key_larger_than_any_database_keeps_is_a_key_of_nothing(world):
    wrong = []
    for row in (row for row in ROWS if row.of):
        for method in ("get", "post"):
            for key in (2**63, 10**30):
                data = posted(row, world, world.ours) if method == "post" else {}
                keys = [key] * len(keys_of(row, world.ours))
                role = "administrator" if row.name.startswith("agencies:") else "office"
                with as_it_was():
                    response = ask(world, role, method, address(row, keys), data)
                if response.status_code not in {403, 404, 405}:
                    wrong.append(f"{method} {row.name} {key}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def test_no_address_of_ours_takes_another_method(world):
    wrong = []
    for row in (row for row in ROWS if ":" in row.name):
        url = address(row, keys_of(row, world.ours))
        for role, method in (("office", "put"), ("administrator", "delete")):
            with as_it_was(), writes_told() as written:
                status = ask(world, role, method, url).status_code
            if status != 405 or written:
                wrong.append(f"{method} {row.name}: {status} {written}")
    assert not wrong, "\n".join(wrong)


def test_whoever_must_change_the_password_reaches_nothing_before(world):
    open_pages = {"livez", "readyz", "account_logout", "account_change_password"}
    open_pages |= {"account_set_password"}
    wrong = []
    for row in (row for row in ROWS if row.name not in open_pages):
        for method in ("get", "post"):
            url = address(row, keys_of(row, world.ours))
            with as_it_was(), writes_told() as written:
                response = ask(world, "invited", method, url)
            target = response.headers.get("Location", "")
            if target != reverse("account_change_password") or written:
                wrong.append(f"{method} {row.name}: {response.status_code} {target} {written}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["anonymous", "administrator", "leader"])
def test_the_site_of_tables_is_for_the_superuser_alone(world, role):
    wrong = []
    for name, url in admin_addresses(world):
        for method in ("get", "post"):
            with as_it_was(), writes_told() as written:
                response = ask(world, role, method, url)
            if name == "admin:logout":
                continue
            is_sign_in = response.status_code == 302 and "/login/" in response["Location"]
            if not (is_sign_in or response.status_code in {403, 404}) or written:
                wrong.append(f"{method} {name}: {response.status_code} {written}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.ignore_template_errors  # the library's own templates
def test_the_superuser_opens_every_table(world):
    wrong = []
    for name, url in admin_addresses(world):
        with as_it_was():
            response = ask(world, "superuser", "get", url)
        if response.status_code not in {200, 302, 403, 404, 405}:
            wrong.append(f"{name}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def admin_addresses(world):
    """Every address of the tables' site, about the first row where it is about one."""
    values = {"app_label": "agencies", "url": "khong-co/", "content_type_id": 1}
    for name, entry in all_patterns():
        if not name.startswith("admin:"):
            continue
        converters = entry.pattern.converters or dict.fromkeys(entry.pattern.regex.groupindex)
        kwargs = {key: values.get(key, world.ours.objects.province.pk) for key in converters}
        args = [1] * entry.pattern.regex.groups if not kwargs else None
        yield name, reverse(name, args=args, kwargs=kwargs or None)


def test_every_address_of_the_portal_stands_in_the_table():
    known = {row.name for row in ROWS}
    missing = {
        name or str(entry.pattern)
        for name, entry in all_patterns()
        if name not in known and not is_in_admin(name, entry) and not is_shut(entry)
    }
    assert not missing
    assert known <= {name for name, _entry in all_patterns()}


def entries_below(resolver):
    for entry in resolver.url_patterns:
        yield from [entry] if isinstance(entry, URLPattern) else entries_below(entry)


def admin_entries():
    (site,) = (e for e in get_resolver().url_patterns if getattr(e, "namespace", "") == "admin")
    return list(entries_below(site))


def is_in_admin(name, entry):
    """All of it stands behind the gate of the site, which has its own test."""
    return name.startswith("admin:") or (not name and entry in admin_entries())


def is_shut(entry):
    return entry.callback is closed.not_here


def test_what_needs_no_session_is_listed_here():
    open_names = {
        name or str(entry.pattern)
        for name, entry in all_patterns()
        if not getattr(entry.callback, "login_required", True)
    }
    assert open_names == OPEN


def test_the_printed_table_is_the_tested_one():
    printed = (Path(__file__).parent.parent / "docs" / "access.md").read_text()
    assert printed == access_table.as_markdown()
