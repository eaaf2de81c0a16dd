"""Addresses of plans, tasks and the work on them."""

from django.urls import path

from plans.views import (
    amending,
    carrying,
    decide,
    exports,
    grid,
    grid_rows,
    home,
    importing,
    lists,
    overview,
    plan,
    reading,
    work,
)

app_name = "plans"

urlpatterns = [
    path("", home.home, name="home"),
    path("tong-quan/", overview.overview, name="overview"),
    path("tim-kiem/", lists.search, name="search"),
    # Plans
    path("ke-hoach/", plan.plans, name="plans"),
    path("ke-hoach/them/", plan.add_plan, name="add_plan"),
    path("ke-hoach/doc-van-ban/", reading.read_document, name="read_document"),
    path("doc-van-ban/<int:pk>/", reading.reading, name="reading"),
    path("doc-van-ban/<int:pk>/tao-ban-nhap/", reading.make_plan, name="make_plan"),
    path("ke-hoach/<int:pk>/", plan.plan, name="plan"),
    path("ke-hoach/<int:pk>/sua/", plan.edit_plan, name="edit_plan"),
    path("ke-hoach/<int:pk>/xoa/", plan.delete_plan, name="delete_plan"),
    path("ke-hoach/<int:pk>/giao-viec/", plan.activate, name="activate"),
    path("ke-hoach/<int:pk>/sua-doi/", amending.amend, name="amend"),
    path("ke-hoach/<int:pk>/ap-dung/", amending.apply, name="apply"),
    path("ke-hoach/<int:pk>/giu-lai/", amending.keep, name="keep"),
    path("ke-hoach/<int:pk>/chuyen-tiep/", carrying.carry_over, name="carry_over"),
    path("ke-hoach/<int:pk>/nhiem-vu/", grid.grid, name="grid"),
    path("ke-hoach/<int:pk>/dong/", grid.save_row, name="add_row"),
    path("ke-hoach/<int:pk>/dong/<int:task_pk>/", grid.save_row, name="save_row"),
    path("ke-hoach/<int:pk>/dong/<int:task_pk>/xoa/", grid.delete_row, name="delete_row"),
    path("ke-hoach/<int:pk>/dong/<int:task_pk>/chuyen/", grid_rows.step_row, name="step_row"),
    path("ke-hoach/<int:pk>/cac-dong/", grid_rows.save_rows, name="save_rows"),
    path("ke-hoach/<int:pk>/cac-dong/chuyen/", grid_rows.move_rows, name="move_rows"),
    path("ke-hoach/<int:pk>/cac-dong/go-do/", grid_rows.keep_unsaved, name="keep_unsaved"),
    # Spreadsheets in and out
    path("ke-hoach/<int:pk>/nhap-bang-tinh/", importing.import_tasks, name="import_tasks"),
    path("ke-hoach/<int:pk>/xuat/", exports.tasks, name="export_tasks"),
    path("nhap-bang-tinh/<int:pk>/", importing.sheet_import, name="sheet_import"),
    path("nhap-bang-tinh/<int:pk>/doc-lai/", importing.preview_again, name="preview_again"),
    path("nhap-bang-tinh/<int:pk>/nhap/", importing.apply, name="apply_import"),
    path("nhap-bang-tinh/<int:pk>/loi/", importing.faults, name="import_faults"),
    path("nhap-bang-tinh/mau/<str:slug>/", exports.template, name="import_template"),
    path("nhap-bang-tinh/<str:slug>/", importing.import_sheet, name="import_sheet"),
    path("xuat-bang-tinh/<str:slug>/", exports.of_province, name="export_sheet"),
    path("nhiem-vu/<int:pk>/", lists.task, name="task"),
    # The work of agencies
    path("viec-cua-toi/", work.my_work, name="my_work"),
    path("viec/", lists.assignments, name="assignments"),
    path("viec/<int:pk>/", work.assignment, name="assignment"),
    path("viec/<int:pk>/the/", work.card, name="card"),
    path("viec/<int:pk>/cap-nhat/", work.report, name="report"),
    path("viec/<int:pk>/gia-han/", work.ask_extension, name="ask_extension"),
    path("viec/<int:pk>/trao-doi/", decide.comment, name="comment"),
    path("tai-lieu/<int:pk>/", lists.evidence, name="evidence"),
    # Decisions
    path("cho-xu-ly/", decide.waiting, name="waiting"),
    path("viec/<int:pk>/xac-nhan/", decide.confirm, name="confirm"),
    path("viec/<int:pk>/tra-lai/", decide.send_back, name="send_back"),
    path("viec/<int:pk>/mo-lai/", decide.reopen, name="reopen"),
    path("viec/<int:pk>/dung/", decide.cancel, name="cancel"),
    path("viec/<int:pk>/chi-dao/", decide.direct, name="direct"),
    path("chi-dao/<int:pk>/tra-loi/", decide.answer, name="answer"),
    path("gia-han/<int:pk>/quyet-dinh/", decide.decide_extension, name="decide_extension"),
]
