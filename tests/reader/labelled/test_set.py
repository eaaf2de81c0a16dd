"""The labelled set is in order: each label speaks of what its document says."""

import json
from itertools import pairwise

import pytest

from papi_portal.text import match_key
from tests.reader.labelled import build, figures
from tests.reader.labelled.markup import TRACKED_CHANGE, read_source

# The reader knows no database.
pytestmark = pytest.mark.embedded

DOCUMENTS = [(home, path.stem) for home in build.SETS for path in build.sources(home)]
of_each_document = pytest.mark.parametrize(("home", "name"), DOCUMENTS)


def text_of(home, name):
    """The words of a document as its reader should see them."""
    body = read_source(home / "sources" / f"{name}.txt").body
    for separator in (" // ", " | ", " "):
        body = body.replace(separator, " ")
    return match_key(TRACKED_CHANGE.sub(lambda found: found[2] if found[1] == "+" else "", body))


@pytest.mark.parametrize("home", build.SETS)
def test_every_document_has_a_label_and_every_label_a_document(home):
    labels = sorted(path.stem for path in (home / "labels").glob("*.json"))
    assert labels == [path.stem for path in build.sources(home)]


@of_each_document
def test_a_label_quotes_its_document(home, name):
    text, label = text_of(home, name), build.label(name, home)
    quoted = [label["document"]["signer"], label["document"]["province"]]
    quoted += [target["text"] for target in label["targets"]]
    for task in label["tasks"]:
        quoted += [task["text"], task["product"], (task["deadline"] or {}).get("text")]
    assert [words for words in quoted if words and match_key(words) not in text] == []


@of_each_document
def test_a_label_held_against_itself_has_no_fault(home, name):
    label = build.label(name, home)
    draft = json.loads(json.dumps(label))
    for what, answer in draft["document"].items():
        draft["document"][what] = answer[0] if isinstance(answer, list) else answer
    for target in draft["targets"]:
        target["op"], target["metric"] = target["op"][0], target["metric"][0]
    assert figures.judge(name, draft, label).faults == []


def test_nothing_read_breaks_every_promise():
    home, name = DOCUMENTS[0]
    nothing = figures.judge(name, {}, build.label(name, home))
    broken = figures.broken_promises(figures.total([nothing]))
    assert {line.partition(":")[0] for line in broken} == set(figures.PROMISED)


@pytest.mark.parametrize("home", build.SETS)
def test_no_two_documents_in_a_row_are_laid_out_alike(home):
    layouts = [layout(path) for path in build.sources(home)]
    assert [pair for pair in pairwise(layouts) if pair[0] == pair[1]] == []
    assert len(set(layouts)) >= 10


def test_no_document_stands_in_both_sets():
    bodies = [read_source(home / "sources" / f"{name}.txt").body for home, name in DOCUMENTS]
    assert len(set(bodies)) == len(bodies)


def layout(path):
    """How a document is printed, and the headers of its tables."""
    source = read_source(path)
    headers = [block.grid[0] for block in source.blocks if block.kind == "table"]
    kinds = tuple(block.kind for block in source.blocks)
    return (tuple(source.options.items()), tuple(headers), kinds)
