"""Names of agencies and of groups of agencies in a sentence or in a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from plans.reader.blocks import CAPITALS, flat
from plans.reader.provinces import ANY as PROVINCE
from plans.reader.verbs import PAIR, starts_with_verb

_AND = r"(?:\s*,\s*|\s+va\s+|\s*&\s*|\s*-\s*|\s*;\s*|\s+)"
DEPARTMENT = "|".join(
    (
        rf"van hoa{_AND}(?:thong tin{_AND})?the thao{_AND}du lich",
        rf"van hoa{_AND}the thao",
        rf"giao duc{_AND}(?:dao tao|khoa hoc{_AND}cong nghe)",
        rf"nong nghiep{_AND}(?:phat trien nong thon|ptnt|moi truong)",
        rf"lao dong{_AND}thuong binh{_AND}xa hoi",
        r"giao thong van tai(?:\s*-\s*xay dung)?|giao thong cong chanh",
        rf"tai nguyen{_AND}moi truong|thong tin{_AND}truyen thong|khoa hoc{_AND}cong nghe",
        rf"ke hoach{_AND}dau tu|quy hoach{_AND}kien truc|dan toc{_AND}ton giao",
        "noi vu|tu phap|tai chinh|cong thuong|xay dung|y te|du lich|ngoai vu|an toan thuc pham",
        r"tt\s?(?:&|-|va)?\s?tt|tn\s?(?:&|va)?\s?mt|nn\s?(?:&|va)?\s?(?:ptnt|mt)|kh\s?(?:&"
        r"|va)?\s?dt",
        r"l[dđ]\s?-?\s?tb\s?(?:&|va|-)?\s?xh|gd\s?(?:&|va|-)?\s?dt|gtvt(?:-xd)?|kh\s?(?:&"
        r"|va)?\s?cn",
        r"vh\s?,?\s?tt(?:tt)?\s?,?\s?(?:&|va)?\s?dl|vh\s?(?:&|va)?\s?tt|dt\s?(?:&|va)?\s?tg|qh-?kt",
    )
)
_SHORT_DEPARTMENT = "tp|tc|nv|ct|xd|yt"
_LEVEL = (
    rf"(?:\s+(?:cap\s+)?(?:tinh|thanh pho|tp)(?!\s*,\s*(?:xa|huyen))(?:\s+{PROVINCE})?"
    r"|\s+(?:phuong|xa|dac khu)(?:\s*,\s*(?:phuong|xa|dac khu))+(?![a-z])"
    rf"|\s+(?:phuong|xa|cung cap)(?![a-z])|\s+{PROVINCE}|\s+(?:cac\s+|ba\s+"
    rf"|hai\s+)?cap(?:\s+(?:huyen|xa)"
    rf"(?:\s*(?:,|va)\s*(?:cap\s+)?(?:huyen|xa))?)?"
    r"|\s+khu vuc(?:\s+(?:[ivx]+|[0-9]+)(?![a-z0-9]))?)"
)
_PARTY = r"(?:\s+(?:tinh uy|thanh uy|huyen uy))"
_MEMBERS = (
    r"(?:so|ban|nganh|co quan|don vi|dia phuong|doan the|(?:huyen|thi|thanh|dang) uy"
    r"|huyen|thi xa|thanh pho|quan|xa|phuong"
    r"|thi tran|dac khu|to dan pho|thon|buon|lang|ap|khom|khu pho"
    r"|hoi|phong|trung tam|to chuc|chi cuc|benh vien"
    r"|truong(?: hoc| tieu hoc| mam non| thcs| thpt)?|tram y te|chi nhanh(?: van phong dang ky"
    r" dat dai)?"
    r"|(?:cap uy|dang uy|chi bo)(?:\s+(?:xa|phuong|co so))?|cap|mat tran|tinh)"
)
_QUALIFIED = (
    r"(?:\s*,?\s+(?:co\s+)?lien quan|\s+(?:cap\s+)?tinh\b|\s+truc thuoc(?:\s+(?:tinh|so"
    r"|ubnd tinh))?"
    r"|\s+(?:chuyen mon\s+)?thuoc(?:\s+(?:ubnd\s+)?(?:tinh|thanh pho|so))?"
    r"|\s+chinh tri\s*-\s*xa hoi"
    r"|\s+cap\s+(?:huyen|xa)(?:\s*,\s*cap\s+xa)?|\s+dong tren dia ban(?:\s+tinh)?"
    r"|\s+(?:mien nui|vung cao|bien gioi|ven bien|dong bang|trong tinh)"
    r"|\s+tren dia ban(?:\s+tinh)?|\s+trung uong|\s+su nghiep"
    r"|\s+(?:thong tin\s*,\s*)?bao chi|\s+thong tin dai chung|\s+truyen thong"
    r"|\s+cua (?:tinh|thanh pho)|\s+khac|\s+nganh doc"
    r"|\s+(?:duoc (?:phan cong|giao)(?: nhiem vu)?(?: chu tri)?|co ten|neu)\s+(?:tai|o|trong)"
    r"(?:[\s,]+(?:cot|muc|phan|phu luc|bang|bieu|diem|khoan|dieu|ke hoach)"
    r"(?:\s+(?:so\s+)?(?:[0-9]{1,2}|[ivx]{1,4}|nay)(?![a-z0-9]))?)+)"
)
_MEMBER_LIST = (
    rf"{_MEMBERS}{_QUALIFIED}*(?:(?:\s*,\s*(?:va\s+)?|\s+va\s+|\s*;\s*|\s*-\s*)"
    rf"(?:cac\s+)?{_MEMBERS}{_QUALIFIED}*(?!\s+[A-ZĐ]))*"
)
_PLACE = r"(?:cap huyen|cap xa|huyen|thi xa|thanh pho|tp|quan|xa|phuong|thi tran|dac khu)"
_GROUP = (
    rf"(?:tat ca\s+)?cac\s+{_MEMBER_LIST}"
    rf"|so, (?:ban, )?nganh(?:{_QUALIFIED})*|co quan trung uong(?:{_QUALIFIED})*"
    rf"|(?:ubnd|uy ban nhan dan)\s+(?:(?:tat ca\s+)?cac\s+{_PLACE}"
    rf"(?:(?:\s*,\s*(?:va\s+)?|\s+va\s+|\s*/\s*)(?:cac\s+)?{_PLACE})*(?:{_QUALIFIED})*"
    rf"|{_PLACE}(?=\s*(?:$|[;.:)\n]|,\s*(?:so|ban|cac|ubnd)\b))"
    r"|cap\s+(?:huyen|xa)(?:\s*(?:,|va)\s*(?:ubnd\s+)?cap\s+xa)?"
    r"|(?:huyen|thi xa|thanh pho|xa|phuong|quan|thi tran|dac khu)"
    r"(?:\s*(?:,|va|/)\s*(?:huyen|thi xa|thanh pho|tp|xa|phuong|quan|thi tran|dac khu))+"
    r"|cac cap|hai cap)"
    r"|dia phuong(?=\s*(?:$|[,;.]))|toan the\s+(?:can bo|cong chuc)"
)
_SINGLE = (
    rf"so\s+(?:{DEPARTMENT}|(?:{_SHORT_DEPARTMENT})(?![a-z]))",
    rf"(?:van phong|vp)\s+(?:ubnd|uy ban nhan dan|tinh uy|thanh uy|dang uy"
    rf"|hdnd(?:\s*(?:-|va)\s*ubnd)?|hoi dong nhan dan"
    rf"|doan (?:dbqh|dai bieu quoc hoi)(?:{_AND}(?:hdnd|hoi dong nhan dan))?|so"
    rf"|dieu phoi){_LEVEL}?",
    rf"thanh tra(?:{_LEVEL}|\s+so|\s+nha nuoc)?(?=\s*(?:[,;.:)\n]|$|\s)|\b)",
    rf"cong an{_LEVEL}?",
    rf"bo (?:chi huy|tu lenh|chqs|ch)\s*(?:quan su|bo doi bien phong|bdbp|qs)?{_LEVEL}?",
    rf"(?:bao hiem xa hoi|bhxh)(?:\s+viet nam)?{_LEVEL}?",
    rf"ban (?:tuyen giao(?: va dan van)?|to chuc|noi chinh|dan van){_PARTY}?{_LEVEL}?",
    rf"(?:ban quan ly|bql)\s+(?:cac\s+)?(?:khu kinh te|khu cong nghiep|khu cnc){_LEVEL}?",
    r"(?:co quan )?thuong truc (?:cua )?(?:ban chi dao|to cong tac)(?: cai cach hanh chinh)?"
    rf"{_LEVEL}?",
    rf"dang uy\s+(?:cong an|quan su|bo doi bien phong|cac co quan dang|uy ban nhan dan){_LEVEL}?",
    rf"ban (?:dan toc|tiep cong dan|bien tap cong (?:thong tin dien tu|ttdt)){_LEVEL}?",
    rf"(?:bao va (?:dai )?(?:phat thanh|pt-?th)(?:,?\s*(?:va |- ?)?truyen hinh)?){_LEVEL}?",
    rf"bao\s+{PROVINCE}(?:\s+phu)?",
    rf"dai (?:phat thanh|pt){_AND}?(?:truyen hinh|th){_LEVEL}?|dai ptth{_LEVEL}?",
    rf"he thong (?:dai )?truyen thanh(?: co so)?{_LEVEL}?|he thong dai truyen thanh{_LEVEL}?",
    rf"(?:dai|he thong) truyen thanh{_LEVEL}?",
    rf"trung tam (?:phuc vu )?hanh chinh cong{_LEVEL}?",
    rf"trung tam xuc tien dau tu(?:, thuong mai va du lich)?{_LEVEL}?",
    rf"(?:cuc )?(?:thue|thong ke|hai quan|quan ly thi truong|thi hanh an dan su){_LEVEL}",
    rf"kho bac nha nuoc{_LEVEL}?|ngan hang nha nuoc(?: chi nhanh)?{_LEVEL}?|buu dien{_LEVEL}",
    rf"(?:toa an nhan dan|tand|vien kiem sat nhan dan|vksnd){_LEVEL}?",
    rf"(?:ban thuong truc )?(?:(?:uy ban|ub)\s*)?(?:mttq|mat tran to quoc)(?:\s*viet nam|\s*vn)?"
    rf"{_LEVEL}?",
    rf"hoi (?:nong dan|lien hiep phu nu|lhpn|cuu chien binh|ccb|luat gia){_LEVEL}?",
    r"(?:ban )?thuong (?:truc|vu)\s+(?:tinh uy|thanh uy|hdnd|hoi dong nhan dan|dang uy)"
    rf"{_LEVEL}?",
    rf"ban can su dang(?:\s+(?:ubnd|uy ban nhan dan))?{_LEVEL}?"
    rf"|(?:dang doan|dang uy)(?:\s+(?:hdnd|ubnd))?{_LEVEL}?",
    rf"tinh doan|thanh doan|(?:lien doan lao dong|ldld){_LEVEL}?",
    rf"(?:tinh uy|thanh uy){_LEVEL}?|(?:hdnd|hoi dong nhan dan){_LEVEL}",
    rf"(?:cong ty (?:co phan |cp )?)?dien luc(?:\s+tinh)?\s+{PROVINCE}",
    rf"(?:ubnd|uy ban nhan dan)\s+(?:tinh|thanh pho|tp)(?:\s+{PROVINCE})?",
)
_KNOWN = re.compile(rf"(?<![a-z])(?:(?P<group>{_GROUP})|(?P<single>{'|'.join(_SINGLE)}))(?![a-z])")
# An agency that is not on the list: its noun with a capital, and words up to a stop.
_NOUN = re.compile(
    r"(?<![a-z])(?P<noun>so|ban|cuc|chi cuc|trung tam|phong|hoi|cong ty|bao|dai|truong|benh vien"
    r"|van phong|vien|quy|buu dien|doan|dang uy|huyen uy|thi uy|ubnd|uy ban|hiep hoi|lien doan"
    r"|tap doan|chi cuc|hop tac xa|hoi dong|lien minh|lien hiep"
    r"|chi nhanh|thanh tra|cong an|vqg|bo|to cong tac|ban chi dao|bo phan"
    r"|cong chuc|can bo|don|tram|to cong nghe)\s"
)
_STOP = re.compile(
    r"[,;.:()\n/]|\s(?:cung|voi|de|khi|trong|tai|tren|theo|la|co|chiu|cho|chu tri|phoi hop"
    r"|lam|se|phai|can|duoc|da|dang|vua)\s"
)
# Who stands at the head of one of several, but "giám đốc" and the like.
_HEADS = r"hieu truong|to truong|(?:chi )?cuc truong|tram truong|truong ban|bi thu|tong giam doc"
_GLUE = re.compile(
    r"[\s,;.:+&/()\n-]*(?:(?:va|cung|voi|cung voi|cac|so|giam doc|chanh|chu tich|thu truong|truong"
    rf"|{_HEADS}|lanh dao|dong chi|chu tri|phoi hop|tham muu|thuc hien|don vi|co quan|doi voi"
    r"|de nghi|giao|phan cong|yeu cau)[\s,;:.-]+)*"
)
# Between the agencies of one list in a sentence; a role word ends the list.
_LIST_GLUE = re.compile(
    r"[\s,;+&/(-]*(?:(?:va|cung|voi|cung voi|cac|so|giam doc|chanh|chu tich|thu truong|truong"
    rf"|{_HEADS}|lanh dao|dong chi)[\s,;:-]+)*"
)
# A place with its own name: "UBND thành phố Phú Quốc"; only capitals tell it from a group.
_LOCAL = re.compile(
    r"(?:UBND|[UỦ][ỷyỶY] ban nhân dân|Ủy ban nhân dân)\s+(?:huyện|thị xã|thành phố|TP\.?|quận"
    r"|xã|phường|thị trấn"
    rf"|đặc khu)(?:\s+[{CAPITALS}][^\W\d_]*)+"
)
# Between two agencies of a list stands more than a blank: "Ban Cán sự lãnh đạo Thanh tra" is none.
_RUNS_ON = re.compile(r" +(?!va\b|cung\b|voi\b)[a-z]")
_STANDING = re.compile(r"(?:co quan|don vi) (?:thuong truc|dau moi)")
_BARE_DEPARTMENT = re.compile(rf"\s*(?:,|;|va\b|&)\s*(?P<name>{DEPARTMENT})(?![a-z])")
_LIST_OF_DEPARTMENTS = re.compile(rf"cac\s+so\s*:?\s*(?P<name>{DEPARTMENT})(?![a-z])")
_LEVEL_END = re.compile(r"\s(?:tinh|huyen)(?=\s(?!uy\b)[a-z]|\W*$)")
_JOINT = re.compile(r"\s+(?:va|-)\s+(?!xa hoi\b|vua\b)")
_ALSO_NOUNS = (
    "thong tin",
    "truyen thong",
    "quan ly",
    "kiem soat",
    "phat trien",
    "bao ve",
    "dau tu",
)
# "Ban Quản lý dự án đầu tư xây dựng các công trình ...": what such a body builds is its name.
_BUILDS = re.compile(r"\bdau tu xay dung$|\bdu an xay dung$")
# "... giao thông và nông nghiệp tỉnh": small words up to the level of the body.
_PART_TO_LEVEL = re.compile(r"[a-z]+(?: [a-z]+){0,3} (?:tinh|thanh pho)(?![a-z])")
# "Khu kinh tế Vân Phong".
_PROPER = re.compile(rf"(?:\s(?!(?:Ban|Sở|Công|Ủy|UBND|Văn)\b)[{CAPITALS}][^\W\d_]*)+")
# "Phòng Nội vụ các huyện, thị xã, thành phố": one of each place.
_OF_EACH = re.compile(
    rf"(?P<last>\s(?:cac|cap)\s+{_PLACE})(?:(?:\s*,\s*(?:va\s+)?|\s+va\s+){_PLACE})*(?![a-z])"
)
# "Phòng Kinh tế, Hạ tầng và Đô thị": a comma inside a name.
_PART = rf"[{CAPITALS}][^\W\d_]*(?:\s[^\W\d_]+)?"
_MORE_PARTS = re.compile(rf"(?:,\s+{_PART})+\s+và\s+{_PART}|(?<=ông chức), viên chức")
MAX_WORDS = 12
# "Ban Quản lý dự án đầu tư xây dựng các công trình ... tỉnh".
MAX_LONG_NAME = 18
# A list of agencies at the head of a sentence is no longer.
MAX_RUN = 1_200


@dataclass(frozen=True, slots=True)
class Mention:
    """An agency as written, and where; `is_known` if its kind is on the list."""

    name: str
    start: int
    end: int
    is_group: bool = False
    is_known: bool = True

    def moved(self, by: int) -> Mention:
        """Return the same agency as found `by` characters further on."""
        return replace(self, start=self.start + by, end=self.end + by)


def agencies_in(text: str, start: int = 0, end: int | None = None) -> list[Mention]:
    """Return the agencies that a text names, in order."""
    return list(_scan(text, flat(text), start, len(text) if end is None else end))


def agencies_of_cell(text: str) -> list[Mention]:
    """Return the agencies of a cell that holds nothing else; what is unknown is one as well."""
    found: list[Mention] = []
    at = 0
    for mention in [*agencies_in(text), None]:
        gap_end = mention.start if mention else len(text)
        found += _unknown(text, at, gap_end)
        if mention:
            found.append(mention)
            at = mention.end
    return found


def leading_run(text: str, start: int) -> list[Mention]:
    """Return the agencies that stand from `start` on with only glue between them."""
    run: list[Mention] = []
    flat_text = flat(text)
    at = start
    for mention in _scan(text, flat_text, start, min(len(text), start + MAX_RUN)):
        gap = flat_text[at : mention.start]
        if not _LIST_GLUE.fullmatch(gap) or (run and _RUNS_ON.match(gap)):
            break
        if run and gap.strip() == "(" and _STANDING.match(flat(run[-1].name)):
            # "Cơ quan Thường trực Ban Chỉ đạo (Sở Nội vụ)": the office that is meant.
            run.pop()
        run.append(mention)
        at = mention.end
    return run


def _scan(text: str, flat_text: str, start: int, end: int) -> Iterator[Mention]:
    at = start
    ahead = _Ahead(text, flat_text, end)
    while at < end:
        mention = _next(ahead, at)
        if mention is None:
            return
        yield mention
        at = mention.end
        if mention.name.lower().startswith("sở "):
            while match := _BARE_DEPARTMENT.match(flat_text, at, end):
                if not text[match.start("name")].isupper():
                    break
                name = text[match.start("name") : match.end("name")]
                yield Mention(f"Sở {name}", match.start("name"), match.end("name"))
                at = match.end()


class _Ahead:
    """Searches a text forwards and keeps what it saw further on: no stretch is searched twice."""

    def __init__(self, text: str, flat_text: str, end: int) -> None:
        self.text, self.flat_text, self.end = text, flat_text, end
        self._seen: dict[str, re.Match[str] | None] = {}

    def known(self, at: int) -> re.Match[str] | None:
        return self._first("known", _KNOWN, self.flat_text, at)

    def local(self, at: int) -> re.Match[str] | None:
        return self._first("local", _LOCAL, self.text, at)

    def _first(
        self, name: str, pattern: re.Pattern[str], text: str, at: int
    ) -> re.Match[str] | None:
        seen = self._seen.get(name)
        if name not in self._seen or (seen is not None and seen.start() < at):
            seen = self._seen[name] = pattern.search(text, at, self.end)
        return seen


def _next(ahead: _Ahead, at: int) -> Mention | None:
    """Return the next agency; the words for a department in small letters are none."""
    while at < ahead.end:
        mention, after = _first(ahead, at)
        if mention is not None or after <= at:
            return mention
        at = after
    return None


def _first(ahead: _Ahead, at: int) -> tuple[Mention | None, int]:
    """Return the first agency from `at` on, or none and where to look on (`at` for nowhere)."""
    text, flat_text, end = ahead.text, ahead.flat_text, ahead.end
    known, local = ahead.known(at), ahead.local(at)
    if local and (known is None or local.start() <= known.start()):
        return Mention(local[0], *local.span()), at
    other = _other(text, flat_text, at, known.start() if known else end)
    if other is not None or known is None:
        return other, at
    if listed := _LIST_OF_DEPARTMENTS.match(flat_text, known.start(), end):
        name = text[listed.start("name") : listed.end("name")]
        return Mention(f"Sở {name}", listed.start("name"), listed.end("name")), at
    first, last = known.span()
    is_group = known["group"] is not None
    if not is_group and not text[first].isupper():
        return None, last
    if flat_text.startswith("ban quan ly", first) and (proper := _PROPER.match(text, last, end)):
        last = proper.end()
    return Mention(text[first:last].strip(), first, last, is_group), at


def _other(text: str, flat_text: str, at: int, end: int) -> Mention | None:
    """Return an agency not on the list that starts before `end`."""
    for match in _NOUN.finditer(flat_text, at, end):
        first = match.start()
        if not text[first].isupper() or not _is_name(text, match.end()):
            continue
        stop = _STOP.search(flat_text, match.end(), first + 120)
        last = stop.start() if stop else min(len(text), first + 120)
        for verb in PAIR.finditer(flat_text, match.end() + 3, last):
            second = verb.end() - len(verb[0].split()[-1])
            is_small = text[verb.start()].islower() and text[second].islower()
            is_part = verb[0] in _ALSO_NOUNS or _BUILDS.search(flat_text, first, verb.end())
            if not is_part and is_small:
                last = verb.start()
                break
        last = _before_and(text, flat_text, first, last)
        level = _LEVEL_END.search(flat_text, match.end(), last)
        last = level.end() if level else last
        words = text[first:last].split()
        if len(words) > (MAX_WORDS if level is None else MAX_LONG_NAME):
            last = first + len(_capital_part(text[first:last]))
            words = text[first:last].split()
        if 2 <= len(words) <= MAX_LONG_NAME:
            last, is_group = _extended(text, flat_text, first, last)
            name = text[first:last].rstrip()
            return Mention(name, first, first + len(name), is_group, False)
    return None


def _capital_part(text: str) -> str:
    """Return a name up to the syllable behind its last capital: what follows is a deed."""
    words = text.split(" ")[:MAX_WORDS]
    capitals = [index for index, word in enumerate(words) if word[:1].isupper()]
    return " ".join(words[: capitals[-1] + 2]) if capitals else ""


def _extended(text: str, flat_text: str, first: int, last: int) -> tuple[int, bool]:
    """Return where a name ends that goes on behind a comma, and whether it is of each place."""
    for members in _OF_EACH.finditer(flat_text, first, min(len(text), last + 60)):
        if members.end("last") == last:
            return members.end(), True
    more = _MORE_PARTS.match(text, last)
    if more and not _KNOWN.search(flat_text, last, more.end()):
        return more.end(), False
    return last, False


def _before_and(text: str, flat_text: str, start: int, end: int) -> int:
    """Return where a name ends: at an "và" or a dash that no further part of a name follows."""
    for match in _JOINT.finditer(flat_text, start, end):
        following = match.end()
        is_part = text[following : following + 1].isupper()
        noun = _NOUN.match(flat_text, following)
        is_other = noun is not None and text[noun.end() : noun.end() + 1].isupper()
        level = _PART_TO_LEVEL.match(flat_text, following, end)
        if level and flat_text.startswith(("ban quan ly", "trung tam", "cong ty"), start):
            continue
        if not is_part or is_other or _KNOWN.match(flat_text, following):
            return match.start()
    return end


def _is_name(text: str, at: int) -> bool:
    return text[at : at + 1].isupper()


def _unknown(text: str, start: int, end: int) -> Iterator[Mention]:
    at = start
    for part in re.split(r"([;,\n+]|\s+và\s+)", text[start:end]):
        name = part.strip(" .:-+()*")
        letters = re.sub(r"[\W\d_]", "", name)
        is_glue = _GLUE.fullmatch(f"{flat(name)} ") is not None
        # "SNV", "STC": the offices of a province are known by their first letters.
        is_name = len(letters) >= 4 or (len(letters) >= 2 and name.isupper())
        is_name = is_name and len(name.split()) <= MAX_WORDS
        if is_name and not is_glue and not starts_with_verb(flat(name)):
            first = at + part.index(name)
            yield Mention(name, first, first + len(name), name[:4].lower() == "các ", False)
        at += len(part)
