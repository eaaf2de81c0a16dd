"""The three real documents give what a careful clerk would write down."""

from pathlib import Path

import pytest

from plans.reader import Draft, read

# The reader knows no database.
pytestmark = pytest.mark.embedded

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"


def seed(name: str) -> Draft:
    found = sorted(SEEDS.glob(f"{name}_*.txt"))
    if not found:
        pytest.skip(f"the real documents are not there: {SEEDS}")
    return read(found[0])


def values(found: list) -> list:
    return [each.value for each in found]


def test_the_signed_plan_of_lao_cai_is_read_as_signed():
    draft = seed("004")
    head = draft.document
    assert (head.kind.value, head.number.value) == ("Kế hoạch", "149/KH-UBND")
    assert (head.issued_on.value, head.effective_on.value) == ("2021-03-30", "2021-03-30")
    assert (head.issuer.value, head.province.value) == ("UBND tỉnh Lào Cai", "Lào Cai")
    assert (head.signer.value, head.field.value) == ("Trịnh Xuân Trường", "Bộ máy hành chính")
    assert str(head.title.value).startswith("Cải thiện, nâng cao Chỉ số Hiệu quả quản trị")
    assert (draft.period.from_on.value, draft.period.to_on.value) == ("2021-01-01", "2021-12-31")
    assert values(draft.based_on) == []
    assert values(draft.cited) == ["17/CT-UBND"]
    assert values(draft.indices) == ["PAPI"]


def test_the_targets_of_lao_cai_are_a_rise_of_five_ranks_and_the_highest_group():
    rank_up, group = sorted(seed("004").targets, key=lambda each: each.metric.value != "rank_up")
    assert (rank_up.index.value, rank_up.op.value, rank_up.value.value) == ("PAPI", ">=", 5)
    assert (rank_up.year.value, rank_up.baseline_year.value) == (2021, 2020)
    assert (group.metric.value, group.value.value) == ("group", "highest")


def test_the_duties_of_lao_cai_keep_their_numbers_and_go_to_the_group_they_are_given_to():
    tasks = {task.number.value: task for task in seed("004").tasks}
    assert list(tasks) == [
        *("II.1.-2", "II.1.-3", "II.1.-4"),
        *(f"II.2.a.-{number}" for number in range(1, 6)),
    ]
    last = tasks["II.2.a.-5"]
    assert values(last.lead) == ["các sở, ban, ngành"]
    assert last.is_group.value is True
    assert last.deadline.text.value is None
    assert tasks["II.1.-2"].lead == []


def test_a_news_page_gives_the_plan_it_tells_of_and_not_the_date_of_the_page():
    draft = seed("002")
    head = draft.document
    assert (head.kind.value, head.number.value) == ("Kế hoạch", "193/KH-UBND")
    assert head.issued_on.value == "2021-12-17"
    assert head.issuer.value == "Chủ tịch UBND tỉnh Bạc Liêu"
    assert head.signer.value is None
    assert head.province.value == "Bạc Liêu"
    assert (draft.period.from_on.value, draft.period.to_on.value) == ("2021-01-01", "2025-12-31")
    assert values(draft.based_on) == ["95-KL/TU"]
    assert values(draft.components) == [f"D{number}" for number in range(1, 9)]
    group, rank = draft.targets
    assert (group.component.value, group.op.value, group.value.value) == (
        *("dims", ">=", "upper_middle"),
    )
    assert (rank.metric.value, rank.value.value, rank.year.value) == ("rank", 20, 2025)


def test_the_duty_that_news_tell_of_has_its_lead_and_its_supporters():
    first, second = seed("002").tasks
    assert values(first.lead) == ["Sở Văn hóa, Thông tin, Thể thao và Du lịch"]
    assert values(first.support) == ["Ban Tuyên giáo Tỉnh ủy"]
    assert values(second.lead) == values(first.lead)
    assert values(second.support) == ["Văn phòng UBND tỉnh", "các Sở, Ban, Ngành"]


def test_what_the_page_of_khanh_hoa_does_not_say_is_not_invented():
    draft = seed("001")
    head = draft.document
    assert (head.kind.value, head.issuer.value) == ("Kế hoạch", "Sở Thông tin và Truyền thông")
    assert head.province.value == "Khánh Hòa"
    assert (draft.period.from_on.value, draft.period.to_on.value) == ("2022-01-01", None)
    assert {"document.number", "document.issued_on", "document.signer"} <= set(draft.not_found)
    assert draft.targets == []
    assert len(draft.tasks) == 5
    assert {str(task.lead[0].value) for task in draft.tasks} == {"Sở Thông tin và Truyền thông"}


@pytest.mark.parametrize("name", ["001", "002", "004"])
def test_every_value_has_a_place_in_the_text_that_says_it(name):
    draft = seed(name)
    places = [leaf for leaf in leaves(draft.to_json()) if leaf["value"] is not None]
    assert places
    for leaf in places:
        assert draft.source[leaf["start"] : leaf["end"]] == leaf["text"]


def leaves(data):
    if isinstance(data, dict) and "certainty" in data:
        yield data
    elif isinstance(data, (dict, list)):
        for item in data.values() if isinstance(data, dict) else data:
            yield from leaves(item)
