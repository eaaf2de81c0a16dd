"""The verbs with which a duty begins, so that a task is told from a description."""

from __future__ import annotations

import re

_ONE = (
    "giao",
    "gan",
    "lap",
    "cu",
    "mo",
    "dua",
    "gui",
    "ky",
    "tao",
    "hop",
    "trinh",
    "dat",
    "trong",
    "lam",
    "cham",
    "don",
    "xep",
    "lay",
    "siet",
    "giam",
    "tang",
    "nhan",
    "in",
    "cap",
)
_TWO = """
    bai bo|ban hanh|bao cao|bao dam|bao ve|bien soan|bieu duong|bo sung|bo tri|boi duong|bam sat
    cai cach|cai thien|cai tao|cap nhat|cat giam|chap hanh|chan chinh|chi dao|chia se|cho y kien
    chu dong|chu tri|chu trong|chuan bi|chuan hoa|chuyen doi|cong bo|cong khai|coi trong|cung cap
    cung co|cu the hoa|dam bao|dang ky|dang tai|danh gia|dao tao|dau tu|day manh|day nhanh|de cao
    de nghi|de xuat|dieu chinh|dieu tra|doi moi|doi thoai|don doc|don gian|duy tri|dinh ky
    dinh huong
    gan ket|ghi nhan|giai dap|giai quyet|giai trinh|giam sat|gioi thieu|giu gin|giu vung|gop phan
    han che|hang nam|hang quy|hang thang|hien dai|hoan thanh|hoan thien|hoc tap|ho tro|hop dong
    huong dan|huy dong|khac phuc|khai thac|khan truong|khao sat|khen thuong|khuyen khich|kien nghi
    kien toan|kien quyet|kiem soat|kiem tra|kip thoi|ket hop|ket noi|khoi thong|lam dau moi|lam tot
    lam viec|lap dat|lang nghe|lanh dao|lay y kien|lien ket|lien thong|loai bo|long ghep|lua chon
    minh bach|mo rong|mo cac|nang cao|nang cap|neu cao|nghiem cam|nghiem tuc|ngan chan|nghien cuu
    nhan rong|niem yet|on dinh|phan anh|phan cap|phan cong|phan dau|phan hoi|phan tich|phat dong
    phat hien|phat hanh|phat huy|phat song|phat trien|phe duyet|pho bien|phoi hop|phong chong
    phong ngua|phong, chong|phuc vu|quan ly|quan tam|quan trac|quan triet|quy dinh|ra soat|rut ngan
    rut kinh|sap xep|sang kien|so hoa|so ket|su dung|sua chua|sua doi|tang cuong|tang ty|tap huan
    tap trung|tao dieu|tao moi|tao su|tham dinh|tham gia|tham muu|thanh lap|thanh tra|thanh toan
    thay the|theo doi|thi diem|thiet lap|thong bao|thong ke|thong tin|thu gom|thu hut|thuc day
    thuc hanh|thuc hien|thuong xuyen|tich cuc|tich hop|tiep can|tiep cong|tiep dan|tiep nhan
    tiep thu
    tiep tuc|tiep xuc|to chuc|tong hop|tong ket|tranh thu|trang bi|trao doi|trien khai|truyen thong
    tu van|tuyen chon|tuyen dung|tuyen truyen|uu tien|ung dung|van dong|van hanh|vinh danh|xac dinh
    xac minh|xay dung|xem xet|xu ly|xu phat|xuc tien|y thuc|yeu cau|dong vien|cong chung
    nam bat|nam tinh|han hanh|lam ro|dieu hanh|dieu phoi|hieu chinh|ket luan|phan loai|ap dung
    bo nhiem|luan chuyen|chuyen giao|dat muc|dat hang|di doi|kham chua|lien he|lien doanh|moi goi
    tra loi|binh xet|phuc dap|khoi thong|chinh trang|can doi|cong khai|luu tru|thong suot|di dau
    lam sach|ve sinh|don dep|gan bien|nhac nho|phe binh
    quyet dinh|quyet liet|tiet kiem|trich lap|hoa giai
    tro giup|ung pho|ung xu|cham lo|keu goi|dang phat|bien tap|thu thap|kiem ke|kiem dinh|thiet ke
    sang tac|boi thuong|chi tra|cong nhan|ky ket|giam thieu|loai tru|gop y|nghiem thu|nhap lieu
    quyet toan|thuc thi|tuan tra|tuyen duong|uy quyen|van dung|bam nam|thoi thuc|tham van|tham muu
    trinh ban|lap ke hoach|len ke hoach|mo lop|mo chuyen|xay moi|trong cay|lam moi|phu song|phu xanh
    nang muc|dieu dong|bao tri|bao duong|duy tu|sua sang|thao go|go bo|go vuong|xoa bo|chan dung
    cat bo|giam bot|thu hep|tach bach|quy hoach|bo nhiem|mien nhiem|ky luat|xu phat|truy cuu|thu hoi
    kich hoat|dong bo|lien he|mo hop|trung cau|gap go|tham hoi|dong hanh|tu nguyen
    cam ket|cham dut|dang tin
    dan dat|phu trach|quang ba|lan toa|phat to|phat tai|treo bang|gan camera|trang tri|bau cu
    kiem diem|tu kiem|tu danh|cham diem|xep loai|xep hang|so sanh|doi chieu|doi soat|nhan dien
    du bao|canh bao|nhac viec|thuc nghiem|nhan xet|bao quan|luu giu|ban giao|nghiem chinh|bao ve
    doc danh|doc ket|doc ban|lap so|lap danh|ghi am|goi dien|cat bot|dat hom|dat may|dat thung
    can bang|giu on|giam ty|tang muc|tang thoi|tang so luong|tang them|hinh thanh|kien thiet
"""
_PAIRS = [pair.strip() for line in _TWO.split("\n") for pair in line.split("|") if pair.strip()]
# Words that may stand before the verb, and the bodies that are told to do it.
_BEFORE = (
    r"(?:can|phai|se|co trach nhiem|chiu trach nhiem|duoc giao(?: nhiem vu)?|cung|da|hay|va)\s+"
)
VERB = re.compile(
    rf"(?:{_BEFORE})*(?:(?:{'|'.join(_PAIRS)})\b|(?:{'|'.join(_ONE)})\s+(?=[a-z]))".replace(
        " ", r"\s+"
    )
)
PAIR = re.compile(rf"\b(?:{'|'.join(_PAIRS)})\b".replace(" ", r"\s+"))


def starts_with_verb(flat_text: str) -> bool:
    """Tell whether a line (from `flat`) begins as a duty does."""
    return VERB.match(flat_text.lstrip(" \"'(")) is not None
