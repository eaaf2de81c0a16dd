"""Has all labelled documents read, and holds each against its label."""

from dataclasses import dataclass, field
from pathlib import Path

from plans.reader import ReaderRefusedError, read
from tests.reader.labelled import build, figures

TO_BE_REFUSED = "r"


@dataclass
class Outcome:
    """What became of the documents: verdicts, and the refusals in words."""

    verdicts: list[figures.Verdict] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    read_though_hostile: list[str] = field(default_factory=list)
    refused_though_well: dict[str, str] = field(default_factory=dict)


def read_all(folder: Path, home: Path = build.HERE) -> Outcome:
    """Print the documents of `home` into `folder` and read them; takes about a minute."""
    outcome = Outcome()
    for name, path in build.build(folder, home).items():
        is_hostile = name.startswith(TO_BE_REFUSED)
        try:
            draft = read(path).to_json()
        except ReaderRefusedError as refusal:
            (outcome.refused if is_hostile else outcome.refused_though_well)[name] = refusal.message
            draft = {}
        else:
            if is_hostile:
                outcome.read_though_hostile.append(name)
        if not is_hostile:
            outcome.verdicts.append(figures.judge(name, draft, build.label(name, home)))
    return outcome
