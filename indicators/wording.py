"""Targets, what they take and whether they were met, said in Vietnamese."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.distance import Distance, Stand
from indicators.judging import Caveat, Finding, Reason, Verdict
from indicators.states import ScoreGroup
from indicators.targets import TargetMeaning, asks_for_region, asks_for_some
from indicators.wishes import Lack, Outlook, Wish
from papi_portal.templatetags.portal_tags import vn_number

VERDICTS = {
    Verdict.MET: gettext_lazy("Đạt"),
    Verdict.NOT_MET: gettext_lazy("Không đạt"),
    Verdict.PENDING: gettext_lazy("Chờ kết quả"),
    Verdict.UNKNOWABLE: gettext_lazy("Không đánh giá được"),
}


def sentence(meaning: TargetMeaning) -> str:
    """A target as a sentence that `read_target` reads back to the same; empty for none."""
    if not meaning.metric:
        return ""
    parts = [
        _("hằng năm") if meaning.is_each_year else "",
        _("duy trì") if meaning.is_kept else "",
        _subject(meaning),
        predicate(meaning),
        _("so với năm %(year)s") % {"year": meaning.baseline_year} if meaning.baseline_year else "",
        _("vào năm %(year)s") % {"year": meaning.year} if meaning.year else "",
    ]
    text = " ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def why_text(written: str) -> str:
    """Why a target is kept as text and not judged."""
    if asks_for_some(written):
        return _(
            "Giữ nguyên câu chữ: mục tiêu cho một số trong nhiều nội dung thì một phép so sánh "
            "không nói hết. Ghi mỗi nội dung một dòng thì cổng đánh giá được."
        )
    if asks_for_region(written):
        return _(
            "Giữ nguyên câu chữ: cổng không có danh sách các tỉnh trong vùng nên không xếp hạng "
            "trong vùng được."
        )
    return _("Giữ nguyên câu chữ: không phải một phép so sánh về điểm, hạng hoặc nhóm.")


def _subject(meaning: TargetMeaning) -> str:
    if meaning.dimension:
        return _("nội dung %(number)s") % {"number": meaning.dimension}
    return _("các chỉ số nội dung") if meaning.is_each_dimension else ""


def predicate(meaning: TargetMeaning) -> str:
    """What a target asks for, without of what and when."""
    value = meaning.value if meaning.value is not None else Decimal(0)
    if meaning.metric == "group":
        group = ScoreGroup(meaning.group).label.lower()
        if meaning.operator == ">=":
            return _("thuộc nhóm %(group)s trở lên") % {"group": group}
        return _("thuộc nhóm %(group)s") % {"group": group}
    if meaning.metric == "rank_up":
        return _("tăng ít nhất %(ranks)s bậc") % {"ranks": f"{int(value):02d}"}
    if meaning.metric == "rank":
        return _("xếp hạng %(rank)s hoặc cao hơn") % {"rank": int(value)}
    if meaning.metric == "score_up":
        return _("tăng ít nhất %(points)s điểm") % {"points": points(value)}
    return _("đạt từ %(points)s điểm trở lên") % {"points": points(value)}


def points(value: Decimal | float, places: int | None = None) -> str:
    """A score with a decimal comma; without `places` in as many decimals as it needs.

    What is there but would be rounded to nothing keeps the four decimals of a stored score.
    """
    if places is None:
        return vn_number(Decimal(value).normalize())
    is_lost = value != 0 and abs(float(value)) < 0.5 * 10**-places
    return vn_number(value, 4 if is_lost else places)


def short(distance: Distance) -> str:
    """How much is missing or to spare, in a cell of a table."""
    values = {"points": points(abs(distance.points), 2)}
    if distance.points > 0:
        return _("còn %(points)s điểm") % values
    return _("trên ngưỡng %(points)s điểm") % values


def spans(years: tuple[tuple[int, int], ...]) -> str:
    """Pairs of years joined where one begins as the other ends: 2011–2015, 2021–2024."""
    runs: list[list[int]] = []
    for first, last in sorted(years):
        if runs and runs[-1][1] == first:
            runs[-1][1] = last
        else:
            runs.append([first, last])
    return ", ".join(f"{first}–{last}" for first, last in runs)


def rank(stand: Stand) -> str:
    """The rank and its denominator; a dash where too few provinces are known."""
    return f"{stand.place.rank}/{stand.place.n}" if stand.place else "–"


def group_name(group: str) -> str:
    """A group as it stands within a sentence; a dash where it is not known."""
    return ScoreGroup(group).label.lower() if group else "–"


def needs(distance: Distance) -> str:
    """What a target takes, on the edition it starts from."""
    start = distance.start
    if distance.is_beyond:
        return _("không có mức như vậy: năm %(year)s tỉnh ở hạng %(rank)s, %(score)s điểm") % {
            "year": start.year,
            "rank": rank(start),
            "score": points(start.score, 2),
        }
    if distance.wanted_group:
        text = _group_needs(distance)
    elif distance.wanted_rank is not None:
        text = _rank_needs(distance)
    else:
        text = _score_needs(distance)
    if distance.is_provisional:
        return _("tạm tính theo kết quả %(year)s: %(text)s") % {"year": start.year, "text": text}
    return text


def _rank_needs(distance: Distance) -> str:
    start, missing = distance.start, distance.points
    values = {
        "year": start.year,
        "rank": rank(start),
        "wanted": distance.wanted_rank,
        "points": points(abs(missing), 2),
    }
    if missing > 0:
        return _("từ hạng %(rank)s (%(year)s) lên %(wanted)s, khoảng %(points)s điểm") % values
    return _("năm %(year)s đang ở hạng %(rank)s, trên ngưỡng %(points)s điểm") % values


def _group_needs(distance: Distance) -> str:
    start, missing = distance.start, distance.points
    values = {
        "year": start.year,
        "group": group_name(start.group),
        "wanted": group_name(distance.wanted_group),
        "points": points(abs(missing), 2),
    }
    if missing > 0:
        return (
            _("năm %(year)s ở nhóm %(group)s; lên nhóm %(wanted)s cần khoảng %(points)s điểm")
            % values
        )
    return (
        _("năm %(year)s ở nhóm %(group)s, trên ngưỡng của nhóm %(wanted)s %(points)s điểm") % values
    )


def _score_needs(distance: Distance) -> str:
    start, missing = distance.start, distance.points
    values = {
        "year": start.year,
        "score": points(start.score, 2),
        "wanted": points(distance.wanted_score, 2),
        "points": points(abs(missing), 2),
    }
    if missing > 0:
        return _("từ %(score)s điểm (%(year)s) lên %(wanted)s, còn %(points)s điểm") % values
    return _("năm %(year)s được %(score)s điểm, trên ngưỡng %(points)s điểm") % values


def warning(distance: Distance) -> str:
    """Why a target says little: what it asks moves by itself; empty if it asks for more."""
    usual = distance.usual
    if usual is None or distance.is_beyond or not distance.is_within_usual:
        return ""
    values = {
        "points": points(abs(distance.points), 2),
        "usual": points(usual.points, 2),
        "ranks": points(usual.ranks),
        "n": usual.n,
        "years": spans(usual.years),
        "gap": points(usual.gap, 2) if usual.gap is not None else "",
    }
    if distance.points > 0:
        text = _(
            "Trong mức dao động thường: mục tiêu cần %(points)s điểm, trong khi một nửa số tỉnh "
            "thay đổi hơn %(usual)s điểm và %(ranks)s bậc mỗi năm "
            "(%(n)s lượt tỉnh-năm, các kỳ %(years)s)."
        )
    else:
        text = _(
            "Trong mức dao động thường: chỉ trên ngưỡng %(points)s điểm, trong khi một nửa số tỉnh "
            "thay đổi hơn %(usual)s điểm và %(ranks)s bậc mỗi năm "
            "(%(n)s lượt tỉnh-năm, các kỳ %(years)s)."
        )
    if usual.gap is None:
        return text % values
    return f"{text % values} " + _("Hai tỉnh liền nhau chỉ cách nhau khoảng %(gap)s điểm.") % values


def outcome(finding: Finding) -> str:
    """What the verdict of one year rests on, or why there is none."""
    if finding.reason is not None:
        return because(finding)
    return f"{finding.year}: {_result(finding)}"


def _result(finding: Finding) -> str:
    result, base = finding.result, finding.base
    if result is None:
        return ""
    told = _("%(score)s điểm") % {"score": points(result.score, 2)}
    if result.place:
        told += ", " + _("hạng %(rank)s") % {"rank": rank(result)}
    if result.group:
        told += ", " + _("nhóm %(group)s") % {"group": group_name(result.group)}
    if base is None:
        return told
    return _("%(told)s (%(year)s: %(score)s điểm, hạng %(rank)s)") % {
        "told": told,
        "year": base.year,
        "score": points(base.score, 2),
        "rank": rank(base),
    }


def because(finding: Finding) -> str:
    """Why there is no verdict, in words; empty if there is one."""
    reasons = {
        None: "",
        Reason.NO_DATA: _("cổng chưa có điểm của chỉ số này"),
        Reason.NOT_YET: _("chưa có kết quả năm %(year)s"),
        Reason.BASELINE_NOT_YET: _("chưa có kết quả của năm làm mốc; mốc tự điền khi có"),
        Reason.NO_SCORE: _("tỉnh không có điểm năm %(year)s"),
        Reason.NO_BASELINE: _("tỉnh không có điểm ở năm làm mốc"),
        Reason.NO_PROVINCE: _("năm %(year)s tỉnh không còn, đã hợp nhất thành tỉnh khác"),
        Reason.TOO_FEW: _("cổng mới có điểm của ít tỉnh nên chưa xếp hạng, xếp nhóm được"),
        Reason.OTHER_DENOMINATOR: _("số tỉnh được xếp hạng khác nhau (%(counts)s)"),
        Reason.OTHER_STRUCTURE: _(
            "cấu trúc chỉ số đã đổi giữa hai kỳ, điểm không so sánh được với nhau"
        ),
    }
    return reasons[finding.reason] % {"year": finding.year, "counts": _counts(finding)}


def _counts(finding: Finding) -> str:
    """The denominators that differ: of all provinces, else of those that were measured."""
    populations = dict.fromkeys(finding.populations)
    if len(populations) > 1:
        return " → ".join(map(str, populations))
    stands = [stand for stand in (finding.base, finding.result) if stand]
    return " → ".join(rank(stand) for stand in stands)


def caveats(finding: Finding) -> list[str]:
    """What a reader of the verdict has to know."""
    words = {
        Caveat.ESTIMATED_GROUP: _("nhóm do cổng ước tính từ điểm"),
        Caveat.ESTIMATED_RANK: _("thứ hạng do cổng ước tính từ điểm"),
        Caveat.OTHER_RANK_PRINTED: _("thứ hạng công bố khác thứ hạng tính từ điểm"),
        Caveat.MISSING_PROVINCES: _("%(missing)s tỉnh không có điểm năm %(missing_in)s"),
        Caveat.OTHER_STRUCTURE: _("cấu trúc chỉ số đã đổi so với kỳ trước đó"),
        Caveat.OTHER_DENOMINATOR: _("số tỉnh đã đổi (%(counts)s)"),
    }
    year, missing = finding.missing or (finding.year, 0)
    values = {"missing": missing, "missing_in": year, "counts": _counts(finding)}
    return [words[caveat] % values for caveat in finding.caveats]


def likelihood(wish: Wish, outlook: Outlook) -> list[str]:
    """How likely a wish is and where the score will lie, or why that is not known."""
    known = outlook.likelihood
    lines = []
    if known.chance is not None:
        lines.append(
            _("Xác suất đạt được vào năm %(year)s: khoảng %(percent)s %% (%(n)s lượt tỉnh-năm).")
            % {"year": wish.year, "percent": percent(known.chance), "n": known.n}
        )
    if known.band is not None:
        lines.append(
            _("Trong 10 lần thì 8 lần điểm nằm giữa %(low)s và %(high)s.")
            % {"low": points(known.band.low, 2), "high": points(known.band.high, 2)}
        )
    if known.lack is not None:
        lines.append(lack(known.lack))
    return lines


def basis(wish: Wish, outlook: Outlook) -> str:
    """What a chance and a band rest on; empty if there are none."""
    if not outlook.likelihood.n:
        return ""
    return _(
        "Tính từ thay đổi của các tỉnh trong các kỳ cùng cấu trúc với năm %(year)s và giả định kỳ "
        "%(wished)s giữ cấu trúc ấy. Mỗi tỉnh chỉ khảo sát vài trăm người nên điểm có sai số chọn "
        "mẫu; sai số ấy nằm trong các thay đổi này và không tách ra được."
    ) % {"year": outlook.start.year, "wished": wish.year}


def percent(chance: float) -> str:
    """A chance in whole percent; what was never or always seen is not called impossible."""
    if chance < 0.01:
        return _("dưới 1")
    return _("trên 99") if chance > 0.99 else f"{chance * 100:.0f}"


def lack(reason: Lack) -> str:
    words = {
        Lack.NO_SCORE: _("Tỉnh không có điểm ở kỳ gần nhất nên không tính được từ đâu."),
        Lack.TOO_FEW_PROVINCES: _("Cổng mới có điểm của ít tỉnh nên chưa xếp hạng, xếp nhóm được."),
        Lack.TOO_FEW_EDITIONS: _(
            "Chưa đủ số liệu để tính xác suất: cần ít nhất hai cặp kỳ cùng cấu trúc."
        ),
        Lack.OTHER_DENOMINATOR: _(
            "Không tính được xác suất: số tỉnh được xếp hạng sẽ khác kỳ gần nhất."
        ),
        Lack.BEYOND: _("Không có mức như vậy trong thang điểm."),
    }
    return words[reason]


def in_fact(outlook: Outlook) -> str:
    """How many provinces ever rose as much in a year; empty if no two editions compare."""
    if not outlook.n or outlook.points <= 0:
        return ""
    return _(
        "Tăng từ %(points)s điểm trong một năm: %(reached)s/%(n)s lượt tỉnh-năm làm được "
        "(các kỳ %(years)s)."
    ) % {
        "points": points(outlook.points, 2),
        "reached": outlook.reached,
        "n": outlook.n,
        "years": spans(outlook.years),
    }


def parts_needed(outlook: Outlook) -> str:
    """How many parts have to have a good year at once for the gap to close."""
    given = [part for part in outlook.parts if part.given]
    if not given:
        return ""
    values = {"count": len(given), "all": len(outlook.parts), "points": points(outlook.points, 2)}
    if outlook.is_enough:
        return (
            _(
                "%(count)s trong %(all)s nội dung cùng tăng ở mức mà một phần tư số tỉnh đạt "
                "trong một năm thì đủ %(points)s điểm."
            )
            % values
        )
    return (
        _(
            "Cả %(count)s nội dung còn tăng được cùng tăng ở mức mà một phần tư số tỉnh đạt "
            "trong một năm vẫn chưa đủ %(points)s điểm."
        )
        % values
    )
