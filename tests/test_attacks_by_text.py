"""What people write is text on every page, also where it wants to be a program."""

import pytest
from django.utils import timezone

from agencies.states import Role
from plans import workflow
from plans.models import Assignment
from plans.states import Decision, PlanStatus
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

SCRIPT = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def hostile_plans(province, agency, group, head):
    """A draft and a plan that was given out, all of whose texts are scripts."""
    texts = {
        "title": SCRIPT,
        "issuer": SCRIPT,
        "signer_name": SCRIPT,
        "signer_title": SCRIPT,
        "based_on": SCRIPT,
        "baseline": SCRIPT,
    }
    draft = factories.make_plan(province=province, number="<u>1</u>", **texts)
    factories.make_task(
        plan=draft,
        name=SCRIPT,
        product=SCRIPT,
        lead_text=SCRIPT,
        supporters_text=SCRIPT,
        deadline_text=SCRIPT,
        dimensions_text=SCRIPT,
        number_in_plan="<b>",
        lead_group=group,
    )
    plan = factories.make_plan(
        province=province, status=PlanStatus.ACTIVE, number="<u>2</u>", **texts
    )
    task = factories.make_task(
        plan=plan,
        name=SCRIPT,
        product=SCRIPT,
        deadline_text=SCRIPT,
        lead_agency=agency,
        supporters=[head.agency],
    )
    return draft, plan, task


def say_hostile_things(row, head, leader):
    now = timezone.now()
    factories.report(row, by=head.user, text=SCRIPT)
    workflow.comment(row, by=head.user, now=now, text=SCRIPT)
    workflow.direct(row, by=leader.user, now=now, text=SCRIPT)
    workflow.ask_extension(
        row,
        by=head.user,
        now=now,
        reason=SCRIPT,
        proposed_due_on=row.due_on.replace(year=row.due_on.year + 1),
    )
    workflow.add_evidence(
        row,
        [workflow.NewEvidence(document_number="<b>", file_name=SCRIPT, note=SCRIPT)],
        by=head.user,
        now=now,
    )


def pages_of_people(office, leader, head, admin, *, draft, plan, task, row, done, agency):
    """Who opens which pages on which these texts stand."""
    return {
        office.user: [
            "/tong-quan/",
            "/ke-hoach/",
            f"/ke-hoach/{draft.pk}/",
            f"/ke-hoach/{draft.pk}/sua/",
            f"/ke-hoach/{draft.pk}/nhiem-vu/",
            f"/ke-hoach/{plan.pk}/",
            "/viec/",
            "/cho-xu-ly/",
            f"/nhiem-vu/{task.pk}/",
            f"/viec/{row.pk}/",
            f"/viec/{done.pk}/",
            "/co-quan/",
            f"/co-quan/{agency.pk}/",
            "/ke-hoach/them/",
            f"/ke-hoach/{plan.pk}/bao-cao/",
            "/bao-cao/",
        ],
        leader.user: ["/tong-quan/", "/cho-xu-ly/", f"/viec/{row.pk}/"],
        head.user: [
            "/viec-cua-toi/",
            f"/viec/{row.pk}/",
            f"/viec/{row.pk}/cap-nhat/",
            f"/viec/{row.pk}/gia-han/",
            "/thong-bao/",
            "/nhan-nhac-viec/",
        ],
        admin.user: [
            "/nguoi-dung/",
            f"/nguoi-dung/{head.user.pk}/",
            "/nguoi-dung/moi/",
            f"/co-quan/{agency.pk}/sua/",
        ],
    }


def test_no_text_of_people_becomes_markup(office, head, leader, province):
    agency = factories.make_agency(
        province=province,
        name=f"Sở {SCRIPT}",
        short_name=SCRIPT[:80],
        code="X<b>",
        aliases=[SCRIPT],
    )
    head.user.full_name = SCRIPT
    head.user.save()
    factories.make_post(user=head.user, agency=agency, title=SCRIPT)
    group = factories.make_group(members=[agency], name=f"nhóm {SCRIPT}", phrases=SCRIPT)
    draft, plan, task = hostile_plans(province, agency, group, head)
    row = factories.make_assignment(task=task, plan=plan, agency=agency, period_label="<b>")
    named_so = factories.make_task(plan=plan, name=SCRIPT, lead_agency=head.agency)
    done = factories.make_assignment(plan=plan, task=named_so, agency=head.agency)
    evidence = [workflow.NewEvidence(document_number="1/BC-STTTT")]
    factories.report(done, by=head.user, done=True, evidence=evidence)
    say_hostile_things(row, head, leader)
    admin = factories.make_post(
        role=Role.ADMINISTRATOR, agency=agency, user=factories.make_user(full_name=SCRIPT)
    )
    pages = pages_of_people(
        office,
        leader,
        head,
        admin,
        draft=draft,
        plan=plan,
        task=task,
        row=row,
        done=done,
        agency=agency,
    )
    asked = ["/tim-kiem/?q=", "/ke-hoach/?q=", "/viec/?q=", "/co-quan/?q="]
    for user, urls in pages.items():
        client = signed_in(user)
        for url in urls + [f"{url}{SCRIPT}" for url in asked]:
            answer = client.get(url)
            page = answer.content.decode()
            assert answer.status_code == 200, url
            for bad in ("<script>alert", "<img src=x", "<u>1</u>", "<u>2</u>", "X<b>"):
                assert bad not in page, f"{url}: {bad}"
            policy = answer["Content-Security-Policy"]
            assert "script-src 'self'" in policy
            assert "unsafe" not in policy
    assert row.extensions.get().decision == Decision.WAITING
    assert Assignment.objects.count() == 2
