"""What is to be told on a day, said the long way: every row, every rung, every day in turn."""

from datetime import timedelta

import holidays
from django.utils import timezone

from agencies.models import Membership
from plans.models import Assignment
from plans.reminders.ladder import DEFAULT
from plans.reminders.models import CalendarDay, Leave, ProvinceLadder

IN_AGENCY = ("officer", "head")


NATIONAL = holidays.country_holidays("VN")


def calendar():
    """Of the one province: what its decisions say of a day, else the national calendar."""
    own = dict(CalendarDay.objects.values_list("day", "is_working"))
    return lambda day: own[day] if day in own else NATIONAL.is_working_day(day)


def days_of(rule, anchor, until, works):
    """Every day of the rung until `until`, with the number of its repetition."""
    sign = -1 if rule.kind == "due" else 1
    day = anchor
    if rule.unit == "working_day" and rule.days:
        left = rule.days
        while left:
            day += timedelta(days=sign)
            left -= works(day)
    else:
        day += timedelta(days=sign * rule.days)
        while not works(day):
            day += timedelta(days=sign)
    number, raw = sign * rule.days, day
    while day <= until:
        yield day, number
        if not rule.repeat_days:
            return
        raw += timedelta(days=rule.repeat_days)
        number += rule.repeat_days
        day = raw
        while not works(day):
            day += timedelta(days=1)


def anchors(row):
    if row.status in ("not_started", "in_progress"):
        if row.due_on:
            yield ("due", "overdue", "escalation"), row.due_on
        yield ("silence",), row.last_heard_on
        turns = [e for e in row.events.order_by("happened_at", "pk") if e.kind in TURNS]
        if row.status == "in_progress" and turns and turns[-1].kind == "return":
            yield ("returned",), timezone.localdate(turns[-1].happened_at)
    else:
        yield ("waiting",), row.last_heard_on
    asked = row.extensions.filter(decision="waiting").first()
    if asked:
        yield ("extension",), timezone.localdate(asked.asked_at)


TURNS = ("report", "return")


def roles_by_person(today):
    """For each person (role, agency or province) of all posts, after who is away."""
    posts = list(
        Membership.objects.filter(starts_on__lte=today, user__is_active=True)
        .exclude(ends_on__lt=today)
        .exclude(role="administrator")
        .select_related("agency")
    )
    away = {
        leave.user_id: leave.delegate_id
        for leave in Leave.objects.filter(starts_on__lte=today, ends_on__gte=today).order_by("pk")
    }
    heard = set()
    for post in posts:
        hearer, seen = post.user_id, set()
        while hearer in away and hearer not in seen:
            seen.add(hearer)
            hearer = away[hearer]
            if not may_read(post, [p for p in posts if p.user_id == hearer]):
                hearer = post.user_id
                break
        if hearer in away:  # everybody in the circle is away
            hearer = post.user_id
        place = post.agency_id if post.role in IN_AGENCY else "province"
        heard.add((hearer, post.role, place))
    return heard


def may_read(post, own):
    if post.role in IN_AGENCY:
        return any(p.agency_id == post.agency_id and p.role in IN_AGENCY for p in own)
    wanted = ("office",) if post.role == "office" else ("leader", "office")
    return any(p.role in wanted for p in own)


def audience_of(role, row, heard):
    place = row.agency_id if role in IN_AGENCY else "province"
    found = {person for person, r, p in heard if (r, p) == (role, place)}
    if not found and role in IN_AGENCY:
        found = {person for person, r, p in heard if r in IN_AGENCY and p == place}
    return found


def rules_for(row, ladders):
    own = ladders.get(row.plan_id) or ladders.get(None)
    return [rung.rule for rung in own.rungs.all()] if own else DEFAULT.rules


def applies(rule, role, row):
    if role not in rule.audience:
        return False
    if not row.agency.is_requested:
        return True
    if rule.kind in ("escalation", "silence"):
        return False
    return role in IN_AGENCY or rule.kind not in ("due", "overdue")


def told_on(today):
    """{(assignment, person, kind, anchor, number, unit)}: what holds on `today`, told or not."""
    works = calendar()
    if not works(today):
        return set()
    heard = roles_by_person(today)
    ladders = {own.plan_id: own for own in ProvinceLadder.objects.prefetch_related("rungs")}
    rows = Assignment.objects.filter(plan__status="active").exclude(
        status__in=("done", "cancelled")
    )
    found = set()
    for row in rows.select_related("agency"):
        for kinds, anchor in anchors(row):
            latest = {}
            for rule in rules_for(row, ladders):
                if rule.kind not in kinds:
                    continue
                for role in ("officer", "head", "office", "leader"):
                    if not applies(rule, role, row):
                        continue
                    for day, number in days_of(rule, anchor, today, works):
                        for person in audience_of(role, row, heard):
                            step = (day, number, rule.kind, rule.unit)
                            latest[person] = max(latest.get(person, step), step)
            for person, (_day, number, kind, unit) in latest.items():
                is_asked = row.agency.is_requested and kind in ("due", "overdue")
                name = "request" if is_asked else kind
                found.add((row.pk, person, name, anchor, number, unit))
    return found
