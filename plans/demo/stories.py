"""What became of each task of the invented plan until the day of loading."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from plans.demo.scene import Scene

Story = Callable[[Scene], None]


def on_time(scene: Scene) -> None:
    done = scene.day(min(scene.due - timedelta(2 + scene.number % 7), scene.ago(4)))
    scene.progress(scene.between(0.5, done), 30 + scene.number % 4 * 10)
    scene.complete(done)
    scene.confirm(scene.day(done + timedelta(1 + scene.number % 2)))


def late(scene: Scene) -> None:
    done = scene.day(min(scene.due + timedelta(6 + scene.number % 9), scene.ago(3)))
    scene.progress(scene.between(0.6, done), 50)
    scene.complete(done, "Hoàn thành chậm do chờ bố trí kinh phí; kết quả gửi kèm.")
    scene.confirm(scene.day(done + timedelta(2)))


def doing(scene: Scene) -> None:
    recent = scene.ago(6 + scene.number % 12)
    scene.progress(scene.between(0.4, recent), 20 + scene.number % 3 * 10)
    scene.progress(recent, 55 + scene.number % 4 * 10)


def just_begun(scene: Scene) -> None:
    scene.progress(scene.ago(9 + scene.number % 10), 15 + scene.number % 3 * 5)


def not_begun(scene: Scene) -> None:
    """Nothing yet; the period of the task has begun lately or not at all."""


def overdue(scene: Scene) -> None:
    scene.progress(scene.between(0.5, scene.due), 30)
    recent = scene.ago(20 + scene.number % 30)
    scene.progress(recent, 60, "Còn vướng thủ tục, chưa xong đúng hạn; đang tháo gỡ.")
    scene.comment(scene.day(recent + timedelta(3)), "Đề nghị cơ quan báo rõ ngày hoàn thành.")


def waiting(scene: Scene) -> None:
    done = scene.ago(2 + scene.number % 5)
    scene.progress(scene.between(0.6, done), 70)
    scene.complete(done)


def extension_waiting(scene: Scene) -> None:
    scene.progress(scene.ago(25), 55)
    scene.ask_extension(
        scene.ago(2 + scene.number % 3),
        max(scene.due, scene.today) + timedelta(20),
        "Chờ kết quả nghiệm thu của đơn vị tư vấn, cần thêm 20 ngày.",
    )


def extended(scene: Scene) -> None:
    scene.progress(scene.between(0.5, scene.due), 35)
    asked = scene.day(scene.due - timedelta(4))
    extension = scene.ask_extension(
        asked,
        scene.today + timedelta(12 + scene.number % 10),
        "Mưa lũ kéo dài, khối lượng còn lại phải làm sau khi đường thông.",
    )
    decided = scene.day(asked + timedelta(2))
    scene.decide(extension, decided, is_approved=True, note="Đồng ý, không gia hạn thêm lần nữa.")
    scene.progress(scene.ago(7), 75)


def extended_and_done(scene: Scene) -> None:
    scene.progress(scene.between(0.5, scene.due), 45)
    asked = scene.day(scene.due - timedelta(5))
    extension = scene.ask_extension(
        asked, scene.due + timedelta(20), "Cần thêm thời gian lấy ý kiến phụ huynh."
    )
    scene.decide(extension, scene.day(asked + timedelta(1)), is_approved=True, note="Đồng ý.")
    done = scene.day(scene.due - timedelta(4))
    scene.complete(done)
    scene.confirm(scene.day(done + timedelta(1)))


def refused(scene: Scene) -> None:
    scene.progress(scene.between(0.6, scene.due), 40)
    asked = scene.day(scene.due - timedelta(1))
    extension = scene.ask_extension(
        asked, scene.due + timedelta(45), "Thiếu người do biệt phái, xin lùi hạn."
    )
    scene.decide(
        extension,
        scene.day(asked + timedelta(3)),
        is_approved=False,
        note="Không đồng ý: việc đã chậm từ quý trước, cần bố trí người làm dứt điểm.",
    )
    scene.progress(scene.ago(4), 55, "Đã bố trí thêm người, dự kiến xong trong tháng.")


def returned(scene: Scene) -> None:
    done = scene.day(scene.due - timedelta(2))
    scene.progress(scene.between(0.6, done), 70)
    scene.complete(done, "Đã hoàn thành.")
    back = scene.day(done + timedelta(3))
    scene.send_back(back, "Chưa có danh sách các điểm đã làm; đề nghị bổ sung biên bản từng nơi.")
    scene.progress(scene.day(back + timedelta(4)), 80, "Đang bổ sung biên bản theo yêu cầu.")


def cancelled(scene: Scene) -> None:
    scene.progress(scene.between(0.4, scene.due), 20)
    scene.cancel(
        scene.day(scene.due - timedelta(15)),
        "Dừng theo Thông báo 312/TB-UBND: dùng chung hệ thống lấy số của quốc gia.",
    )


def silent(scene: Scene) -> None:
    """A report at the start, then nothing for more than the days after which one is silent."""
    scene.progress(scene.day(scene.begin + timedelta(25)), 20)


def directed(scene: Scene) -> None:
    overdue(scene)
    scene.direct(
        scene.ago(5), "Yêu cầu làm rõ nguyên nhân chậm, cam kết ngày xong, báo cáo trong tuần này."
    )


def answered(scene: Scene) -> None:
    scene.progress(scene.between(0.4, scene.ago(20)), 25)
    direction = scene.direct(scene.ago(15), "Ưu tiên các thủ tục có nhiều hồ sơ, báo cáo lộ trình.")
    scene.answer(
        direction, scene.ago(12), "Đã lập lộ trình: 40 thủ tục trong tháng này, còn lại tháng sau."
    )
    scene.progress(scene.ago(7), 60)


def regular(scene: Scene) -> None:
    for days in (170, 110, 55, 12):
        day = scene.today - timedelta(days + scene.number % 9)
        if day > scene.begin + timedelta(5):
            scene.progress(scene.day(day), 50, "Thực hiện thường xuyên, không có vướng mắc.")


def by_period(scene: Scene) -> None:
    """A period that has ended was reported, one of three late; the present one is going on."""
    if scene.assignment.starts_on is not None and scene.assignment.starts_on > scene.today:
        return
    if scene.due >= scene.today:
        if (scene.today - scene.begin).days > 12:
            just_begun(scene)
    elif scene.due <= scene.begin + timedelta(7) or scene.number % 3 == 1:
        late(scene)
    else:
        on_time(scene)


def communes(scene: Scene) -> None:
    """Of a hundred communes most are done; the date has not come."""
    kind = scene.number % 10
    if kind < 6:
        scene.complete(scene.ago(5 + scene.number % 40))
        scene.confirm(scene.ago(1 + scene.number % 4))
    elif kind < 8:
        just_begun(scene)
    else:
        scene.progress(scene.ago(30 + scene.number % 25), 10)


def departments(scene: Scene) -> None:
    """A date that has passed: most on time, two late, one not yet."""
    if scene.number % 15 == 7:
        overdue(scene)
    elif scene.number % 7 == 3:
        late(scene)
    else:
        on_time(scene)


def departments_going_on(scene: Scene) -> None:
    (on_time, doing, just_begun)[scene.number % 3](scene)


STORIES: dict[str, Story] = {
    "ontime": on_time,
    "late": late,
    "donend": on_time,
    "doing": doing,
    "notyet": not_begun,
    "over30": overdue,
    "over90": overdue,
    "over120": overdue,
    "waiting": waiting,
    "askext": extension_waiting,
    "extended": extended,
    "extdone": extended_and_done,
    "refused": refused,
    "returned": returned,
    "cancelled": cancelled,
    "silent": silent,
    "directed": directed,
    "answered": answered,
    "today": just_begun,
    "week": doing,
    "cont": regular,
    "recurring": by_period,
    "communes": communes,
    "departments": departments,
    "departments2": departments_going_on,
    "requested": overdue,
}
