"""People and their posts, for the administrator of a province."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from agencies import access, administration
from agencies.forms import EndPostForm, InviteForm
from agencies.models import Agency, Membership, Province, User
from agencies.paging import PAGE_SIZE, Page, int_key
from papi_portal import text

if TYPE_CHECKING:
    from datetime import date

    from agencies.access import Rights
    from agencies.request import PortalRequest


@require_safe
@vary_on_headers("HX-Request")
def people(request: PortalRequest) -> HttpResponse:
    access.require_administrator(request.user)
    rights = access.rights_of(request.user)
    typed = request.GET.get("q", "")[:200]
    keys = _sorted_keys(request.user, rights, text.fold(typed))
    start = _start_after(keys, request.GET.get("sau", ""))
    page = keys[start : start + PAGE_SIZE]
    posts = (
        Membership.objects.not_ended(rights.today)
        .filter(agency__province__in=rights.administered_provinces)
        .select_related("agency__province")
        .order_by("starts_on", "pk")
    )
    rows = User.objects.filter(pk__in=page).prefetch_related(
        Prefetch("memberships", queryset=posts, to_attr="posts_here")
    )
    has_more = len(keys) > start + PAGE_SIZE
    context = {
        "people": sorted(rows, key=lambda row: page.index(row.pk)),
        "total": len(keys),
        "typed": typed,
        "has_several_provinces": len(rights.administered_provinces) > 1,
        "next_query": Page(page, str(page[-1]) if has_more else "").query(request.GET),
    }
    template = "agencies/_people.html" if request.htmx else "agencies/people.html"
    return render(request, template, context)


def _sorted_keys(user: User, rights: Rights, folded: str) -> list[int]:
    """Keys of the people in whose name, address or agency every word is, by given name.

    A province has some hundred people, and no database sorts given names as Vietnamese do, so
    this reads three short columns of all of them, in two queries.
    """
    agencies: dict[int, str] = {}
    if folded:
        posts = Membership.objects.not_ended(rights.today).filter(
            agency__province__in=rights.administered_provinces
        )
        for user_id, keys in posts.values_list("user_id", "agency__search_text"):
            agencies[user_id] = f"{agencies.get(user_id, '')} {keys}"
    found = []
    for pk, name, email in access.administered_people(user).values_list("pk", "full_name", "email"):
        haystack = f"{text.fold(name)} {email} {text.fold(email)} {agencies.get(pk, '')}"
        if all(word in haystack for word in folded.split()):
            given_name = name.split()[-1] if name.split() else ""
            found.append((text.sort_key(given_name), text.sort_key(name), pk))
    return [pk for _given, _name, pk in sorted(found)]


def _start_after(keys: list[int], cursor: str) -> int:
    try:
        return keys.index(int_key(cursor)) + 1
    except ValueError:  # no key, or none of these people
        return 0


@require_safe
def person(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.administered_person(request.user, pk)
    return _person_page(request, row)


def _person_page(
    request: PortalRequest,
    row: User,
    *,
    faulty_form: EndPostForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one person, with the form of the post that could not be ended."""
    rights = access.rights_of(request.user)
    posts = row.memberships.filter(
        agency__province__in=rights.administered_provinces
    ).select_related("agency")
    held = posts.not_ended(rights.today).order_by("starts_on", "pk")
    context = {
        "person": row,
        "held_posts": [(post, _end_form(post, rights.today, faulty_form)) for post in held],
        "past_posts": posts.filter(ends_on__lt=rights.today).order_by("-ends_on", "pk"),
        "may_manage": access.may_manage_account(request.user, row),
        "is_self": row.pk == request.user.pk,
        "reset_token": administration.reset_token(row),
        "faulty_form": faulty_form,
    }
    return render(request, "agencies/person.html", context, status=status)


def _end_form(post: Membership, today: date, faulty: EndPostForm | None) -> EndPostForm:
    prefix = f"p{post.pk}"
    if faulty is not None and faulty.prefix == prefix:
        return faulty
    return EndPostForm(initial={"ends_on": today}, prefix=prefix)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: PortalRequest) -> HttpResponse:
    access.require_administrator(request.user)
    rights = access.rights_of(request.user)
    provinces = Province.objects.filter(pk__in=rights.administered_provinces)
    current = list(provinces.valid_on(rights.today))
    # The address names one province where there are several: nobody scrolls through 4,000 names.
    chosen = [row for row in current if str(row.pk) == request.GET.get("tinh")] or current[:1]
    agencies = Agency.objects.filter(province__in=chosen).valid_on(rights.today).by_name()
    if request.method == "POST":
        form = InviteForm(request.POST, agencies=agencies)
        if form.is_valid():
            invitation = administration.Invitation(**form.cleaned_data)
            return _invited(request, administration.invite(invitation, by=request.user))
    else:
        initial = {
            "starts_on": rights.today,
            "agency": request.GET.get("co-quan", ""),
            "email": request.GET.get("email", "")[:254],
        }
        form = InviteForm(agencies=agencies, initial=initial)
    context = {"form": form, "provinces": current, "province": chosen[0] if chosen else None}
    return render(request, "agencies/invite.html", context, status=422 if form.is_bound else 200)


def _invited(request: PortalRequest, invited: administration.Invited) -> HttpResponse:
    post = invited.post
    if invited.password:
        return _show_password(request, post.user, invited.password, post=post)
    names = {"email": post.user.email, "agency": post.agency.name}
    if not invited.is_new_post:
        messages.info(request, _("%(email)s đã giữ chức vụ này ở %(agency)s.") % names)
    else:
        messages.success(
            request,
            _(
                "Đã thêm chức vụ ở %(agency)s. %(email)s đã có tài khoản và đăng nhập bằng mật "
                "khẩu đang dùng."
            )
            % names,
        )
    return redirect("agencies:person", post.user_id)


def _show_password(
    request: PortalRequest, person: User, password: str, *, post: Membership | None = None
) -> HttpResponse:
    """The only page that ever shows the password; the portal keeps its hash alone."""
    context = {"person": person, "password": password, "post": post}
    return render(request, "agencies/one_time_password.html", context)


@require_POST
def reset_password(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.managed_person(request.user, pk)
    try:
        password = administration.reset_password(
            row, token=request.POST.get("token", "")[:64], by=request.user
        )
    except administration.StaleResetError:
        messages.error(
            request,
            _(
                "Mật khẩu đã được đổi sau khi trang này mở, nên chưa đặt lại. Nếu vẫn cần, anh/chị "
                "bấm lại."
            ),
        )
        return redirect("agencies:person", row.pk)
    return _show_password(request, row, password)


@require_POST
def deactivate(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.managed_person(request.user, pk)
    administration.set_active(row, is_active=False, by=request.user)
    messages.success(request, _("Đã khóa tài khoản %(email)s.") % {"email": row.email})
    return redirect("agencies:person", row.pk)


@require_POST
def reactivate(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.managed_person(request.user, pk)
    administration.set_active(row, is_active=True, by=request.user)
    messages.success(request, _("Đã mở khóa tài khoản %(email)s.") % {"email": row.email})
    return redirect("agencies:person", row.pk)


@require_POST
def end_post(request: PortalRequest, pk: int) -> HttpResponse:
    post = access.administered_post(request.user, pk)
    form = EndPostForm(request.POST, prefix=f"p{post.pk}")
    if form.is_valid():
        try:
            administration.end_post(post, on=form.cleaned_data["ends_on"], by=request.user)
        except administration.PostEndsBeforeStartError:
            form.add_error(
                "ends_on",
                _("Ngày cuối sớm hơn ngày bắt đầu %(day)s.")
                % {"day": f"{post.starts_on:%d/%m/%Y}"},
            )
        except administration.OwnPostError:
            form.add_error(
                None,
                _(
                    "Anh/chị không tự kết thúc chức vụ quản trị của mình; xin nhờ một người quản "
                    "trị khác."
                ),
            )
        else:
            messages.success(
                request,
                _("%(name)s giữ chức vụ này đến hết ngày %(day)s.")
                % {"name": post.user.full_name, "day": f"{form.cleaned_data['ends_on']:%d/%m/%Y}"},
            )
            return redirect("agencies:person", post.user_id)
    return _person_page(request, post.user, faulty_form=form, status=422)
