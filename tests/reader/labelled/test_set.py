"""The labelled set is in order: each label speaks of what its document says."""

import json
from itertools import pairwise

import pytest

from papi_portal.text import match_key
from tests.reader.labelled import build, figures
from tests.reader.labelled.markup import TRACKED_CHANGE, read_source

# The reader knows no database.
pytestmark = pytest.mark.embedded

SOURCES = sorted((build.HERE / "sources").glob("*.txt"))
NAMES = [path.stem for path in SOURCES]


def text_of(name):
    """The words of a document as its reader should see them."""
    body = read_source(build.HERE / "sources" / f"{name}.txt").body
    for separator in (" // ", " | ", " "):
        body = body.replace(separator, " ")
    return match_key(TRACKED_CHANGE.sub(lambda found: found[2] if found[1] == "+" else "", body))


def test_every_document_has_a_label_and_every_label_a_document():
    assert sorted(path.stem for path in (build.HERE / "labels").glob("*.json")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_label_quotes_its_document(name):
    text, label = text_of(name), build.label(name)
    quoted = [label["document"]["signer"], label["document"]["province"]]
    quoted += [target["text"] for target in label["targets"]]
    for task in label["tasks"]:
        quoted += [task["text"], task["product"], (task["deadline"] or {}).get("text")]
    assert [words for words in quoted if words and match_key(words) not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_label_held_against_itself_has_no_fault(name):
    label = build.label(name)
    draft = json.loads(json.dumps(label))
    for what, answer in draft["document"].items():
        draft["document"][what] = answer[0] if isinstance(answer, list) else answer
    for target in draft["targets"]:
        target["op"], target["metric"] = target["op"][0], target["metric"][0]
    assert figures.judge(name, draft, label).faults == []


def test_nothing_read_breaks_every_promise():
    nothing = figures.judge(NAMES[0], {}, build.label(NAMES[0]))
    broken = figures.broken_promises(figures.total([nothing]))
    assert {line.partition(":")[0] for line in broken} == set(figures.PROMISED)


def test_no_two_documents_in_a_row_are_laid_out_alike():
    layouts = [layout(path) for path in SOURCES]
    assert [pair for pair in pairwise(layouts) if pair[0] == pair[1]] == []
    assert len(set(layouts)) > 10


def layout(path):
    """How a document is printed, and the headers of its tables."""
    source = read_source(path)
    headers = [block.grid[0] for block in source.blocks if block.kind == "table"]
    kinds = tuple(block.kind for block in source.blocks)
    return (tuple(source.options.items()), tuple(headers), kinds)
