"""Who may do what: every address of the portal, by role. `docs/access.md` is printed from here.

python -m tests.access_table > docs/access.md
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

# People who look at the objects of one province, in the order of the columns.
ROLES = {
    "anonymous": "Chưa đăng nhập",
    "inactive": "Bị khóa",
    "office": "Đầu mối",
    "head": "Thủ trưởng chủ trì",
    "officer": "Cán bộ chủ trì",
    "supporter": "Thủ trưởng phối hợp",
    "other_head": "Cơ quan khác",
    "leader": "Lãnh đạo",
    "administrator": "Quản trị",
    "ended": "Hết chức vụ",
    "foreign_office": "Đầu mối tỉnh khác",
    "foreign_head": "Thủ trưởng tỉnh khác",
    "foreign_leader": "Lãnh đạo tỉnh khác",
    "foreign_administrator": "Quản trị tỉnh khác",
    "superuser": "Toàn quyền",
}
NO_SESSION = ("anonymous", "inactive")
FOREIGN = tuple(role for role in ROLES if role.startswith("foreign_"))

# Sets of roles, each a plain string of names.
OFFICE = "office"
LEADER = "leader"
ADMINISTRATORS = "administrator superuser"
MANAGERS = f"office {ADMINISTRATORS}"
OVERSEERS = "office leader administrator superuser"
LEAD = "head officer"
INVOLVED = f"{OVERSEERS} head officer supporter"
PROVINCE = f"{INVOLVED} other_head"
WITH_POST = f"{PROVINCE} {' '.join(FOREIGN)}"
SIGNED_IN = f"{WITH_POST} ended"
EVERYONE = " ".join(ROLES)
OVERSEERS_ANYWHERE = f"{OVERSEERS} foreign_office foreign_leader foreign_administrator"
ADMINISTRATORS_ANYWHERE = f"{ADMINISTRATORS} foreign_administrator"
MANAGERS_ANYWHERE = f"{MANAGERS} foreign_office foreign_administrator"
WATCHERS_ANYWHERE = f"{ADMINISTRATORS_ANYWHERE} office foreign_office"


@dataclass(frozen=True)
class Rule:
    """What one method answers. Roles named nowhere get `rest`; without a session, to sign-in."""

    ok: str = ""
    code: int = 200
    forbidden: str = ""
    rest: int = 404
    other: dict[int, str] = field(default_factory=dict)
    is_open: bool = False  # needs no session

    def status(self, role: str, *, has_text: bool = False) -> int:
        """The status for `role`; a form that carries text is kept on the screen, with 403."""
        for code, roles in self.other.items():
            if role in roles.split():
                return code
        if role in self.ok.split():
            return self.code
        if role in NO_SESSION and not self.is_open:
            return 403 if has_text else 302
        return 403 if role in self.forbidden.split() else self.rest


WRONG_METHOD = Rule(rest=405)
WRONG_METHOD_OPEN = Rule(rest=405, is_open=True)


@dataclass(frozen=True)
class Row:
    """An address, the object it is about and what GET and POST answer."""

    name: str
    title: str
    get: Rule
    post: Rule = WRONG_METHOD
    of: str = ""  # a path into the objects of a province: "work.open"
    more: str = ""  # the second object of the address
    words: tuple[str, ...] = ()  # what else the address says, behind the objects
    post_data: dict[str, object] = field(default_factory=dict)
    label: str = ""  # tells two rows of one name apart
    is_public: bool = False  # about something published: a stranger may know that it exists


def only(roles: str, *, of: str = "", code: int = 200, known_to: str = "") -> Rule:
    """`roles` may; those who know of the object but may not get 403, all others 404."""
    return Rule(ok=roles, code=code, forbidden=known_to or of)


def page(roles: str) -> Rule:
    """A page about no object: whoever may not is told so."""
    return Rule(ok=roles, rest=403)


def act(roles: str, known_to: str = INVOLVED) -> Rule:
    return Rule(ok=roles, code=302, forbidden=known_to)


def people_act(code: int = 302) -> Rule:
    """Foreign administrators get 404; who is no administrator gets 403, whomever it is about."""
    return Rule(
        ok=ADMINISTRATORS, code=code, forbidden=SIGNED_IN.replace("foreign_administrator", "")
    )


def once(**values: object) -> dict[str, object]:
    return {"token": uuid4, **values}


def sheet_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("bang.csv", "Tên cơ quan;Loại\nSở Thử;Sở, ban, ngành\n".encode())


HOME = Rule(
    ok=f"{WITH_POST}",
    code=302,
    other={200: "anonymous inactive ended"},
    is_open=True,
)
PLAN_FORM = once(
    number="777/KH-UBND",
    kind="KH",
    issued_on="15/01/{year}",
    title="Kế hoạch thử",
    issuer="UBND tỉnh",
    period_start="01/01/{year}",
    period_end="31/12/{year}",
    province="{province}",
    monitor="{monitor}",
    indices="{index}",
    version="1",
)
TASK_ROW = {"name": "Nhiệm vụ thử", "version": "1", "lead": "", "deadline": "30/6"}
REASON = once(reason="Thử")
LADDER = {
    "nac-TOTAL_FORMS": "1",
    "nac-INITIAL_FORMS": "0",
    "nac-0-kind": "due",
    "nac-0-days": "7",
    "nac-0-unit": "day",
    "nac-0-audience": "officer",
    "version": "0",
}
# Read and kept, never called: trying a gateway is another address, and has one that is refused.
WEBHOOK_FORM = {
    "province": "{province}",
    "name": "SMS",
    "url": "https://1.1.1.1/",
    "is_active": "on",
}

ANY_200 = Rule(EVERYONE, is_open=True)
ANY_302 = Rule(EVERYONE, 302, is_open=True)
SHUT = Rule(is_open=True)  # 404 for everybody: nobody takes an account or an address by himself

NOTHING_YET = Rule()
REPORTERS = act("office leader", PROVINCE)
ANY_DAY = {"period": "custom", "first_day": "{today}", "last_day": "{today}"}

ROWS = (
    Row("livez", "Máy chủ còn chạy", Rule(EVERYONE, is_open=True), WRONG_METHOD_OPEN),
    Row("readyz", "Máy chủ sẵn sàng", Rule(EVERYONE, is_open=True), WRONG_METHOD_OPEN),
    Row("plans:home", "Trang đầu", HOME, WRONG_METHOD_OPEN),
    Row("plans:overview", "Tổng quan", page(OVERSEERS_ANYWHERE)),
    Row("plans:search", "Tìm kiếm", page(SIGNED_IN)),
    # Plans
    Row("plans:plans", "Danh sách kế hoạch", page(SIGNED_IN)),
    Row(
        "plans:add_plan",
        "Thêm kế hoạch",
        page("office foreign_office"),
        # The form names the province; of another one nobody learns that it was named.
        Rule("office", 302, rest=403, other={422: "foreign_office"}),
        post_data=PLAN_FORM,
    ),
    Row(
        "plans:read_document",
        "Đọc kế hoạch từ văn bản",
        page("office foreign_office"),
        Rule("office", 302, rest=403, other={422: "foreign_office"}),
        post_data=once(province="{province}", text="Kế hoạch thử"),
    ),
    Row(
        "plans:read_targets",
        "Đọc lại mục tiêu khi đang gõ",
        WRONG_METHOD,
        page("office foreign_office"),
        post_data={"targets": "Xếp thứ 15"},
    ),
    Row("plans:readings", "Các văn bản đã đọc", page("office foreign_office")),
    Row("plans:reading", "Một văn bản đã đọc", only(OFFICE, known_to=PROVINCE), of="reading"),
    Row("plans:reading_file", "Tải văn bản gốc", only(OFFICE, known_to=PROVINCE), of="reading"),
    Row(
        "plans:read_again",
        "Đọc lại văn bản không đọc được",
        WRONG_METHOD,
        act(OFFICE, PROVINCE),
        of="failed_reading",
    ),
    Row(
        "plans:delete_reading",
        "Xóa văn bản đã đọc",
        WRONG_METHOD,
        act(OFFICE, PROVINCE),
        of="reading",
    ),
    Row(
        "plans:add_read_row",
        "Thêm dòng khi xem lại văn bản",
        WRONG_METHOD,
        act(OFFICE, PROVINCE),
        of="reading",
        post_data={"name": "Nhiệm vụ thêm"},
    ),
    Row(
        "plans:save_read_row",
        "Sửa, nhận, bỏ dòng khi xem lại văn bản",
        WRONG_METHOD,
        act(OFFICE, PROVINCE),
        of="reading",
        more="read_row",
        post_data=TASK_ROW,
    ),
    Row(
        "plans:delete_read_row",
        "Xóa dòng thêm khi xem lại văn bản",
        WRONG_METHOD,
        act(OFFICE, PROVINCE),
        of="reading",
        more="added_row",
        post_data={"version": "1"},
    ),
    Row(
        "plans:judge_rows",
        "Nhận tất cả các dòng đọc được",
        WRONG_METHOD,
        act(OFFICE, PROVINCE),
        of="reading",
        post_data={"act": "all"},
    ),
    Row(
        "plans:save_read_head",
        "Lưu phần đầu khi xem lại văn bản",
        WRONG_METHOD,
        act(OFFICE, PROVINCE),
        of="reading",
        post_data={"title": "Kế hoạch thử", "version": "1"},
    ),
    Row(
        "plans:make_plan",
        "Tạo bản nháp từ văn bản đã xem lại",
        WRONG_METHOD,
        act(OFFICE, PROVINCE),
        of="reading",
        post_data={**PLAN_FORM, "leaves_rest": "1"},
    ),
    Row("plans:plan", "Kế hoạch đã giao việc", Rule(PROVINCE), of="active", label="active"),
    Row("plans:plan", "Kế hoạch đã kết thúc", Rule(PROVINCE), of="closed", label="closed"),
    Row("plans:plan", "Kế hoạch đang soạn", Rule(OVERSEERS), of="draft", label="draft"),
    Row("plans:outlook", "Cần gì để đạt mục tiêu", Rule(PROVINCE), of="active"),
    Row("plans:radar", "Chỗ còn trống", Rule(PROVINCE), of="active", label="active"),
    Row("plans:radar", "Chỗ còn trống của bản nháp", Rule(OVERSEERS), of="draft", label="draft"),
    Row(
        "plans:accept_flag",
        "Chấp nhận một chỗ còn trống",
        WRONG_METHOD,
        # The flag has other figures than the form says: shown again, nothing is kept.
        Rule(OFFICE, 409, forbidden=PROVINCE),
        of="active",
        words=("moi-noi-dung",),
        post_data=once(reason="Đã có ở kế hoạch khác", figures="0" * 64),
    ),
    Row(
        "plans:edit_plan",
        "Sửa kế hoạch đang soạn",
        only(OFFICE, known_to=OVERSEERS),
        act(OFFICE, OVERSEERS),
        of="draft",
        post_data=PLAN_FORM,
        label="draft",
    ),
    Row(
        "plans:edit_plan",
        "Sửa kế hoạch đã giao việc",
        only(OFFICE, known_to=PROVINCE),
        act(OFFICE, PROVINCE),
        of="active",
        post_data=PLAN_FORM,
        label="active",
    ),
    Row(
        "plans:delete_plan",
        "Xóa bản nháp",
        WRONG_METHOD,
        act(OFFICE, OVERSEERS),
        of="draft",
    ),
    Row(
        "plans:activate",
        "Giao việc",
        # Nothing of another plan ends, so there is nothing to be asked: back to the plan.
        Rule(OFFICE, 302, forbidden=OVERSEERS),
        act(OFFICE, OVERSEERS),
        of="draft",
    ),
    Row(
        "plans:close",
        "Kết thúc kế hoạch",
        only(OFFICE, known_to=PROVINCE),
        Rule(OFFICE, 302, forbidden=PROVINCE),
        of="active",
        post_data=once(reason="Hết thời gian", open_work="giu"),
    ),
    Row(
        "plans:amend",
        "Sửa đổi theo văn bản",
        # There is a draft of an amendment already: they are led to it.
        Rule(OFFICE, 302, forbidden=PROVINCE),
        Rule(OFFICE, 302, forbidden=PROVINCE),
        of="active",
        post_data=once(
            number="88/QĐ-UBND",
            kind="QĐ",
            issued_on="{today}",
            title="Sửa đổi kế hoạch",
            issuer="UBND tỉnh",
        ),
    ),
    Row(
        "plans:apply",
        "Xem trước, áp dụng văn bản sửa đổi",
        only(OFFICE, known_to=OVERSEERS),
        # What was shown is not what would be done any more: told, and nothing is done.
        Rule("", forbidden=OVERSEERS, other={409: OFFICE}),
        of="amendment",
        post_data=once(digest="cu", agrees_to_stops="on"),
    ),
    Row(
        "plans:keep",
        "Giữ lại nhiệm vụ trong văn bản sửa đổi",
        WRONG_METHOD,
        act(OFFICE, OVERSEERS),
        of="amendment",
        post_data={"task": "{task}"},
    ),
    Row(
        "plans:carry_over",
        "Kế hoạch mới từ kế hoạch cũ",
        only(OFFICE, known_to=PROVINCE),
        Rule(OFFICE, 302, forbidden=PROVINCE),
        of="active",
        post_data=once(title="Kế hoạch năm sau", old_work="o-lai", tasks="{task}"),
    ),
    Row("plans:grid", "Bảng nhiệm vụ", only(OFFICE, known_to=OVERSEERS), of="draft"),
    Row(
        "plans:add_row",
        "Thêm dòng nhiệm vụ",
        WRONG_METHOD,
        act(OFFICE, OVERSEERS),
        of="draft",
        post_data={"name": "Nhiệm vụ thêm"},
    ),
    Row(
        "plans:save_row",
        "Sửa dòng nhiệm vụ",
        WRONG_METHOD,
        act(OFFICE, OVERSEERS),
        of="draft",
        more="draft_task",
        post_data=TASK_ROW,
    ),
    Row(
        "plans:delete_row",
        "Xóa dòng nhiệm vụ",
        WRONG_METHOD,
        act(OFFICE, OVERSEERS),
        of="draft",
        more="draft_task",
        post_data={"version": "1"},
    ),
    Row(
        "plans:step_row",
        "Chuyển dòng nhiệm vụ lên, xuống",
        WRONG_METHOD,
        act(OFFICE, OVERSEERS),
        of="draft",
        more="draft_task",
        post_data={"step": "len"},
    ),
    Row(
        "plans:save_rows",
        "Sửa, xóa nhiều dòng nhiệm vụ",
        WRONG_METHOD,
        only(OFFICE, known_to=OVERSEERS),
        of="draft",
        post_data={"rows": "[]"},
    ),
    Row(
        "plans:move_rows",
        "Chuyển chỗ nhiều dòng nhiệm vụ",
        WRONG_METHOD,
        only(OFFICE, known_to=OVERSEERS),
        of="draft",
        post_data={"after": "0"},
    ),
    Row(
        "plans:keep_unsaved",
        "Giữ chữ đang gõ dở",
        WRONG_METHOD,
        only(OFFICE, code=204, known_to=OVERSEERS),
        of="draft",
        post_data={"rows": "[]"},
    ),
    # Spreadsheets
    Row(
        "plans:import_tasks",
        "Nhập nhiệm vụ từ bảng tính",
        only(OFFICE, known_to=OVERSEERS),
        act(OFFICE, OVERSEERS),
        of="draft",
        post_data=once(file=sheet_file),
    ),
    Row(
        "plans:import_sheet",
        "Nhập cơ quan, tên khác từ bảng tính",
        page(ADMINISTRATORS_ANYWHERE),
        Rule(ADMINISTRATORS_ANYWHERE, 302, rest=403),
        post_data=once(file=sheet_file, province="{province}"),
    ),
    Row("plans:sheet_import", "Bản xem trước của mình", Rule(OFFICE), of="sheet"),
    Row(
        "plans:preview_again",
        "Xem trước lại",
        WRONG_METHOD,
        Rule(OFFICE, 302),
        of="sheet",
        post_data={"sheet": "{sheet}"},
    ),
    Row(
        "plans:apply_import",
        "Nhập vào cổng",
        WRONG_METHOD,
        Rule(OFFICE, 302),
        of="sheet",
        post_data=once(),
    ),
    Row("plans:import_faults", "Bản có cột Lỗi của mình", Rule(OFFICE), of="sheet"),
    Row("plans:import_template", "Mẫu bảng tính", page(SIGNED_IN)),
    Row("plans:export_tasks", "Tải nhiệm vụ đã giao", Rule(PROVINCE), of="active", label="active"),
    Row("plans:export_tasks", "Tải nhiệm vụ đang soạn", Rule(OVERSEERS), of="draft", label="draft"),
    Row("plans:export_sheet", "Tải danh mục cơ quan, tên khác", page(ADMINISTRATORS_ANYWHERE)),
    Row("plans:task", "Nhiệm vụ đã giao", Rule(INVOLVED), of="task", label="active"),
    Row("plans:task", "Nhiệm vụ đang soạn", Rule(OVERSEERS), of="draft_task", label="draft"),
    # The work of agencies
    Row(
        "plans:my_work",
        "Việc của tôi",
        page("office head officer supporter other_head foreign_office foreign_head"),
    ),
    Row("plans:assignments", "Danh sách phần việc", page(SIGNED_IN)),
    Row("plans:assignment", "Phần việc", Rule(INVOLVED), of="work.open"),
    Row("plans:card", "Thẻ phần việc", Rule(INVOLVED, 302), of="work.open"),
    Row(
        "plans:report",
        "Báo cáo tiến độ",
        only(LEAD, known_to=INVOLVED),
        act(LEAD),
        of="work.open",
        post_data=once(version="1", percent_done="60", text="Đã làm"),
    ),
    Row(
        "plans:ask_extension",
        "Xin gia hạn",
        only(LEAD, known_to=INVOLVED),
        act(LEAD),
        of="work.open",
        post_data=once(reason="Chờ văn bản", proposed_due_on="31/12/{next_year}"),
    ),
    Row(
        "plans:comment",
        "Trao đổi, bổ sung tài liệu",
        WRONG_METHOD,
        act("office leader head officer supporter"),
        of="work.open",
        post_data=once(text="Ý kiến"),
    ),
    Row("plans:evidence", "Tải tài liệu kiểm chứng", Rule(INVOLVED), of="evidence"),
    # Decisions
    Row(
        "plans:waiting",
        "Chờ xử lý",
        page("office leader foreign_office foreign_leader"),
    ),
    Row(
        "plans:confirm",
        "Xác nhận hoàn thành",
        WRONG_METHOD,
        act(OFFICE),
        of="work.waiting",
        post_data=once(),
    ),
    Row(
        "plans:send_back",
        "Trả lại",
        WRONG_METHOD,
        act(OFFICE),
        of="work.waiting",
        post_data=REASON,
    ),
    Row("plans:reopen", "Mở lại", WRONG_METHOD, act(OFFICE), of="work.done", post_data=REASON),
    Row("plans:cancel", "Dừng", WRONG_METHOD, act(OFFICE), of="work.open", post_data=REASON),
    Row(
        "plans:direct",
        "Ý kiến chỉ đạo",
        WRONG_METHOD,
        act(LEADER),
        of="work.open",
        post_data=once(text="Làm ngay"),
    ),
    Row(
        "plans:answer",
        "Trả lời ý kiến chỉ đạo",
        WRONG_METHOD,
        act(LEAD),
        of="direction",
        post_data=once(text="Đã rõ"),
    ),
    Row(
        "plans:decide_extension",
        "Quyết định gia hạn",
        WRONG_METHOD,
        act(LEADER),
        of="extension",
        post_data=once(decision="approve", note="Đồng ý"),
    ),
    Row("plans:stranded", "Việc của cơ quan đã thôi hoạt động", page("office foreign_office")),
    Row(
        "plans:hand_over",
        "Chuyển việc của cơ quan đã thôi hoạt động",
        # The agency is there, so there is nothing to hand over.
        Rule(OFFICE, 302, forbidden=PROVINCE),
        Rule(OFFICE, 302, forbidden=PROVINCE),
        of="agency.lead",
        post_data=once(ground="Nghị quyết 18/NQ-HĐND"),
    ),
    # Indices, notices, letters
    Row("indicators:indices", "Chỉ số", page(WITH_POST)),
    Row("indicators:scores", "Điểm của các tỉnh", page(SIGNED_IN)),
    Row(
        "indicators:province",
        "Điểm của một tỉnh",
        page(SIGNED_IN),
        of="province",
        is_public=True,
    ),
    Row(
        "indicators:download",
        "Tải bảng điểm của một tỉnh",
        page(SIGNED_IN),
        of="province",
        is_public=True,
    ),
    Row("reminders:notices", "Thông báo của mình", page(SIGNED_IN)),
    Row(
        "reminders:read_notices",
        "Đánh dấu thông báo của mình đã đọc",
        WRONG_METHOD,
        Rule(SIGNED_IN, 302),
    ),
    Row(
        "reminders:open_notice",
        "Mở thông báo (của thủ trưởng)",
        Rule("head", 302),
        of="notice",
    ),
    Row(
        "reminders:mark_unread",
        "Đánh dấu chưa đọc (thông báo của thủ trưởng)",
        WRONG_METHOD,
        Rule("head", 302),
        of="notice",
    ),
    Row("reminders:preferences", "Nhận nhắc việc", page(SIGNED_IN)),
    Row(
        "reminders:choose_mail",
        "Nhận hay thôi nhận phần Để biết",
        WRONG_METHOD,
        Rule(SIGNED_IN, 302),
    ),
    Row(
        "reminders:renew_feed",
        "Tạo địa chỉ lịch của kế hoạch",
        WRONG_METHOD,
        Rule(PROVINCE),
        post_data={"ke-hoach": "{plan}"},
    ),
    Row(
        "reminders:revoke_feed",
        "Thu hồi địa chỉ lịch (của thủ trưởng)",
        WRONG_METHOD,
        Rule("head", 302),
        of="feed",
    ),
    Row(
        "reminders:feed",
        "Lịch (địa chỉ chưa từng có)",
        SHUT,
        WRONG_METHOD_OPEN,
    ),
    Row("reminders:preview", "Nhắc việc: xem trước", page(MANAGERS_ANYWHERE)),
    Row(
        "reminders:send_trial",
        "Gửi thử thư cho mình",
        WRONG_METHOD,
        act(MANAGERS, PROVINCE),
        of="province",
        post_data={"ngay": "{today}", "nguoi": "0"},
    ),
    Row(
        "reminders:ladder",
        "Bậc nhắc của tỉnh",
        only(MANAGERS, known_to=PROVINCE),
        act(MANAGERS, PROVINCE),
        of="province",
        post_data=LADDER,
    ),
    Row(
        "reminders:plan_ladder",
        "Bậc nhắc của kế hoạch",
        only(MANAGERS, known_to=PROVINCE),
        act(MANAGERS, PROVINCE),
        of="active",
        post_data=LADDER,
    ),
    Row(
        "reminders:calendar",
        "Ngày nghỉ, ngày làm bù",
        only(MANAGERS, known_to=PROVINCE),
        act(MANAGERS, PROVINCE),
        of="province",
        post_data={
            "number": "9/QĐ-UBND",
            "year": "{year}",
            "closed": "{today}",
            "dong-y": "1",
        },
    ),
    Row(
        "reminders:drop_decision",
        "Bỏ văn bản về ngày nghỉ",
        only(MANAGERS, known_to=PROVINCE),
        act(MANAGERS, PROVINCE),
        of="decision",
    ),
    Row("reminders:leaves", "Vắng mặt, nhờ nhận thư", page(SIGNED_IN), Rule(rest=422)),
    Row(
        "reminders:end_leave",
        "Kết thúc vắng mặt (của thủ trưởng)",
        WRONG_METHOD,
        Rule(f"{MANAGERS} head", 302),
        of="leave",
    ),
    Row("reminders:update_by_link", "Báo cáo bằng đường dẫn trong thư", SHUT, SHUT),
    Row("reminders:reported_by_link", "Đã báo cáo bằng đường dẫn", ANY_200, WRONG_METHOD_OPEN),
    Row("reminders:unsubscribe", "Thôi nhận phần Để biết", SHUT, SHUT),
    Row("reminders:health", "Tình trạng gửi", page(WATCHERS_ANYWHERE)),
    Row(
        "reminders:add_webhook",
        "Thêm kênh ngoài",
        page(ADMINISTRATORS_ANYWHERE),
        # The form names the province; of another one nobody learns that it was named.
        Rule(ADMINISTRATORS, 302, rest=403, other={422: "foreign_administrator"}),
        post_data=WEBHOOK_FORM,
    ),
    Row(
        "reminders:webhook",
        "Một kênh ngoài",
        only(ADMINISTRATORS, known_to=PROVINCE),
        act(ADMINISTRATORS, PROVINCE),
        of="webhook",
        post_data=WEBHOOK_FORM,
    ),
    Row(
        "reminders:try_webhook",
        "Gửi thử qua kênh ngoài",
        WRONG_METHOD,
        act(ADMINISTRATORS, PROVINCE),
        of="webhook",
    ),
    Row(
        "reminders:renew_webhook_key",
        "Đổi khóa ký của kênh ngoài",
        WRONG_METHOD,
        act(ADMINISTRATORS, PROVINCE),
        of="webhook",
    ),
    Row("reminders:mails", "Thư đã gửi", page(ADMINISTRATORS_ANYWHERE)),
    Row(
        "reminders:send_all_again",
        "Gửi lại mọi thư hỏng",
        WRONG_METHOD,
        Rule(ADMINISTRATORS_ANYWHERE, 302, rest=403),
    ),
    Row("reminders:mail", "Một thư", only(ADMINISTRATORS, known_to=PROVINCE), of="mail"),
    Row(
        "reminders:send_again",
        "Gửi lại thư",
        WRONG_METHOD,
        act(ADMINISTRATORS, PROVINCE),
        of="mail",
    ),
    # Reports
    Row("reports:reports", "Báo cáo", page(WITH_POST)),
    Row(
        "reports:new_report",
        "Lập báo cáo của cơ quan; GET: ai không lập được thì về danh sách",
        Rule(
            "office head leader supporter other_head foreign_office foreign_head foreign_leader",
            rest=403,
            other={302: "officer administrator superuser foreign_administrator"},
        ),
        Rule(
            "office leader head",
            302,
            rest=403,
            other={
                302: "officer administrator superuser foreign_administrator",
                422: "supporter other_head foreign_office foreign_head foreign_leader",
            },
        ),
        post_data={**ANY_DAY, "agency": "{agency}"},
    ),
    Row("reports:report", "Một báo cáo", only(OVERSEERS, known_to=PROVINCE), of="report"),
    Row(
        "reports:report",
        "Báo cáo của cơ quan",
        only(f"{OVERSEERS} {LEAD}", known_to=PROVINCE),
        of="agency_report",
        label="agency",
    ),
    Row(
        "reports:download",
        "Tải tệp báo cáo",
        only(OVERSEERS, known_to=PROVINCE),
        of="report_file",
    ),
    Row("reports:make_again", "Lập lại báo cáo", WRONG_METHOD, of="report", post=REPORTERS),
    Row("reports:cancel", "Dừng lập báo cáo", WRONG_METHOD, of="failed_report", post=REPORTERS),
    Row("reports:discard", "Bỏ báo cáo", WRONG_METHOD, of="failed_report", post=REPORTERS),
    Row(
        "reports:discard",
        "Bỏ báo cáo của cơ quan",
        WRONG_METHOD,
        act("office leader head", PROVINCE),
        of="agency_report",
        label="agency",
    ),
    Row(
        "reports:texts",
        "Phần tự viết của báo cáo",
        only("office leader", known_to=PROVINCE),
        REPORTERS,
        of="report",
        post_data={"version": "1"},
    ),
    Row(
        "reports:issue",
        "Ghi phát hành",
        only("office leader", known_to=PROVINCE),
        REPORTERS,
        of="report",
        post_data={
            "version": "1",
            "number": "99/BC-THU",
            "day": "{today}",
            "signer": "Nguyễn Văn Ký",
        },
    ),
    Row(
        "reports:correct", "Lập văn bản thay thế", WRONG_METHOD, of="issued_report", post=REPORTERS
    ),
    Row(
        "reports:plan_reports",
        "Báo cáo của kế hoạch; POST: lập báo cáo",
        only(OVERSEERS, known_to=PROVINCE),
        REPORTERS,
        of="active",
        post_data=ANY_DAY,
    ),
    Row(
        "reports:schedules",
        "Lịch báo cáo của kế hoạch",
        only("office leader", known_to=PROVINCE),
        REPORTERS,
        of="active",
        post_data={"kinds": "month"},
    ),
    Row("reports:verify", "Xác minh: nhập mã", ANY_200, WRONG_METHOD_OPEN),
    Row(
        "reports:verification",
        "Xác minh văn bản, mã không có thật",
        SHUT,
        SHUT,
    ),
    # Agencies and people
    Row("agencies:agencies", "Cơ quan", page(SIGNED_IN)),
    Row("agencies:agency", "Một cơ quan", Rule(PROVINCE), of="agency.lead"),
    Row(
        "agencies:edit_agency",
        "Sửa cơ quan",
        only(ADMINISTRATORS, known_to=PROVINCE),
        act(ADMINISTRATORS, PROVINCE),
        of="agency.lead",
        post_data={"name": "Sở Đổi tên"},
    ),
    Row("agencies:people", "Người dùng", page(ADMINISTRATORS_ANYWHERE)),
    Row(
        "agencies:invite",
        "Mời người dùng",
        page(ADMINISTRATORS_ANYWHERE),
        Rule(ADMINISTRATORS, rest=403, other={422: "foreign_administrator"}),
        post_data=once(
            email="nguoi.moi@example.vn",
            full_name="Người Mới",
            agency="{agency}",
            role="head",
            starts_on="01/01/2020",
        ),
    ),
    Row("agencies:person", "Một người dùng", people_act(200), of="people.colleague"),
    Row(
        "agencies:deactivate",
        "Khóa tài khoản",
        WRONG_METHOD,
        people_act(),
        of="people.colleague",
    ),
    Row(
        "agencies:reactivate",
        "Mở khóa tài khoản",
        WRONG_METHOD,
        people_act(),
        of="people.colleague",
    ),
    Row(
        "agencies:reset_password",
        "Đặt lại mật khẩu",
        WRONG_METHOD,
        people_act(200),
        of="people.colleague",
        post_data={"token": "{reset_token}"},
    ),
    Row(
        "agencies:end_post",
        "Kết thúc chức vụ",
        WRONG_METHOD,
        people_act(),
        of="post.colleague",
        post_data={"p{post}-ends_on": "{today}"},
    ),
    # Accounts: pages of the library
    Row(
        "account_login",
        "Đăng nhập",
        Rule("anonymous inactive", rest=302, is_open=True),
        Rule("anonymous inactive", rest=302, is_open=True),
    ),
    Row("account_logout", "Đăng xuất", Rule(SIGNED_IN, is_open=True, rest=302), ANY_302),
    Row("account_inactive", "Tài khoản bị khóa", Rule(EVERYONE, is_open=True), WRONG_METHOD_OPEN),
    Row("account_reset_password", "Quên mật khẩu", ANY_200, ANY_200),
    Row("account_reset_password_done", "Đã gửi thư đặt lại", ANY_200, WRONG_METHOD_OPEN),
    Row("account_reset_password_from_key", "Đặt lại bằng thư", ANY_200, ANY_200),
    Row("account_reset_password_from_key_done", "Đã đặt lại", ANY_200, WRONG_METHOD_OPEN),
    Row("account_change_password", "Đổi mật khẩu", page(SIGNED_IN), page(SIGNED_IN)),
    Row("account_set_password", "Đặt mật khẩu đầu", Rule(SIGNED_IN, 302), Rule(SIGNED_IN, 302)),
    Row("account_reauthenticate", "Xác nhận lại mật khẩu", page(SIGNED_IN), page(SIGNED_IN)),
    Row("account_signup", "Tự đăng ký", SHUT, SHUT),
    Row("account_email", "Đổi thư điện tử", SHUT, SHUT),
    Row("account_email_verification_sent", "Xác nhận thư điện tử", SHUT, SHUT),
    Row("account_confirm_email", "Xác nhận thư điện tử bằng thư", SHUT, SHUT),
    Row("account_confirm_login_code", "Đăng nhập bằng mã", SHUT, SHUT),
    Row("mfa_index", "Xác thực hai bước", page(SIGNED_IN)),
    Row("mfa_authenticate", "Bước hai khi đăng nhập", ANY_302, ANY_302),
    Row("mfa_reauthenticate", "Xác nhận lại bằng mã", Rule(SIGNED_IN, 302), Rule(SIGNED_IN, 302)),
    Row("mfa_activate_totp", "Bật hai bước", Rule(SIGNED_IN, 302), Rule(SIGNED_IN, 302)),
    Row("mfa_deactivate_totp", "Tắt hai bước, khi chưa bật", NOTHING_YET, NOTHING_YET),
    Row("mfa_view_recovery_codes", "Xem mã dự phòng, khi chưa có", NOTHING_YET),
    Row(
        "mfa_generate_recovery_codes", "Tạo mã dự phòng", Rule(SIGNED_IN, 302), Rule(SIGNED_IN, 302)
    ),
    Row("mfa_download_recovery_codes", "Tải mã dự phòng, khi chưa có", NOTHING_YET, NOTHING_YET),
)


HEAD = """# Ai được làm gì

Bảng này in ra từ `tests/access_table.py` và được `tests/test_access.py` đi qua từng ô: mọi địa
chỉ, mọi vai trò, việc của tỉnh mình và của tỉnh khác. Đổi quyền thì đổi bảng trước, rồi in lại:
`.venv/bin/python -m tests.access_table > docs/access.md`.

Cột là người nhìn vào việc của một tỉnh. Ô: **✓** được làm; **422** biểu mẫu bị trả lại; **403**
thấy được nhưng không được làm; **404** như không có, không phân biệt với thứ không tồn tại;
**405** địa chỉ không nhận cách gọi này; **→** chuyển tới đăng nhập (biểu mẫu có chữ thì được
giữ lại trên màn hình, không ghi gì).

Mọi địa chỉ dưới `/quan-tri/` (bảng dữ liệu thô): chỉ tài khoản toàn quyền; đăng nhập bằng cửa
chung, có giới hạn số lần thử và xác thực hai bước.
"""


def cell(rule: Rule, role: str) -> str:
    status = rule.status(role)
    if role in rule.ok.split() or status == 200:
        return "✓"
    return "→" if status == 302 else str(status)


def as_markdown() -> str:
    """The table as `docs/access.md` shows it."""
    roles = list(ROLES)
    lines = [
        HEAD,
        "| Trang | Tên | Cách gọi | " + " | ".join(ROLES.values()) + " |",
        "|---" * (len(roles) + 3) + "|",
    ]
    for row in ROWS:
        for method, rule in (("GET", row.get), ("POST", row.post)):
            cells = [cell(rule, role) for role in roles]
            if set(cells) <= {"405", "→"}:
                continue
            lines.append(f"| {row.title} | `{row.name}` | {method} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_markdown())
