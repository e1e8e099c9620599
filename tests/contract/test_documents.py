"""What the guides say is so: their commands can be called, their pictures and links are there."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
import yaml

from expectations.messages import parse_messages
from pipelines import errors, package_files
from pipelines.cli.root import motcua
from pipelines.cli.vietnamese import usage_sentence
from pipelines.settings import Settings

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "huong-dan"
DEPLOY = ROOT / "docs" / "deploy"
READ = (ROOT / "README.md", DEPLOY / "README.md", *sorted(GUIDES.glob("*.md")))
UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer", ".yml"))

_BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_CALL = re.compile(r"(?:sudo -u motcua )?(?:\w+=\S+ )*(?:/\S+/bin/)?motcua(?:\s+(?P<words>.*))?$")
_SHELL = re.compile(r"\$\([^)]*\)")
_PICTURE = re.compile(r"!\[(?P<words>[^\]]*)\]\((?P<path>[^)]+)\)")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?!https?:)(?P<path>[^)#]+)\)")
_REFERENCE = "## Commands"
"""The README's list of commands is a reference in the notation of help pages, held to ``--help`` elsewhere."""


def written_calls(path: Path) -> Iterator[str]:
    """Every call of ``motcua`` in blocks and in line of a page, without what follows it on its line."""
    text = path.read_text(encoding="utf-8")
    if _REFERENCE in text:
        before, after = text.split(_REFERENCE, 1)
        text = before + after.split("\n## ", 1)[-1]
    lines = [line for block in _BLOCK.findall(text) for line in block.splitlines()]
    lines += _INLINE.findall(_BLOCK.sub("", text))
    for line in lines:
        without_comment = re.split(r"\s#", _SHELL.sub("1", line))[0]
        for part in re.split(r"&&|;|·|\s>|\s\|", without_comment):
            if found := _CALL.fullmatch(part.strip()):
                yield (found["words"] or "").strip()


CALLS = [(path, call) for path in READ for call in dict.fromkeys(written_calls(path))]


@pytest.mark.parametrize(("path", "call"), CALLS, ids=[f"{p.stem}: {c}" for p, c in CALLS])
def test_written_command_can_be_called_with_its_options(path: Path, call: str, tmp_path: Path) -> None:
    words = [_stand_in(word, tmp_path) for word in shlex.split(call)]
    is_mentioned = not any(word.startswith("-") for word in words)
    try:
        _parse(motcua, words)
    except click.MissingParameter:
        assert is_mentioned, f"{path.name}: {call}"  # named in a sentence, not written out to be called
    except click.UsageError as problem:
        pytest.fail(f"{path.name}: motcua {call}: {usage_sentence(problem)}")


def _parse(command: click.Command, words: list[str]) -> None:
    """Parse as the command line does, down to the command itself; nothing runs."""
    context = click.Context(command, info_name=command.name)
    if not isinstance(command, click.Group) or not words or words[0].startswith("-"):
        command.parse_args(context, list(words))
        return
    if (found := command.get_command(context, words[0])) is None:
        context.fail(f"No such command '{words[0]}'.")
    _parse(found, words[1:])


def _stand_in(word: str, folder: Path) -> str:
    """An existing file in place of the name of one; everything else as it is written."""
    if (
        re.fullmatch(r"(TỆP|FILE|.+\.(ya?ml|csv|docx|xlsx?|html|zst))", word)
        and "/" not in word
        and "=" not in word
    ):
        path = folder / word
        path.touch()
        return str(path)
    return word


def test_calls_are_found_where_they_are_written() -> None:
    counts = {path.name: sum(each is path for each, _ in CALLS) for path in READ}
    assert counts["su-co.md"] >= 30
    assert counts["chuyen-vien-tong-hop.md"] >= 15


def _references(pattern: re.Pattern[str]) -> list[tuple[Path, re.Match[str]]]:
    return [(path, found) for path in READ for found in pattern.finditer(path.read_text(encoding="utf-8"))]


def test_every_picture_is_shown_with_words_in_its_place_and_none_lies_unused() -> None:
    shown = _references(_PICTURE)
    assert [f"{path.name}: {found['path']}" for path, found in shown if len(found["words"]) < 15] == []
    pictures = {(path.parent / found["path"]).resolve() for path, found in shown}
    assert pictures == set((GUIDES / "anh").iterdir())


def test_pictures_stay_light() -> None:
    sizes = {picture.name: picture.stat().st_size for picture in (GUIDES / "anh").iterdir()}
    assert sum(sizes.values()) < 1_500_000, sizes


def test_every_page_that_is_linked_is_there() -> None:
    linked = _references(_LINK)
    assert len(linked) > 5
    assert [
        f"{path.name}: {found['path']}"
        for path, found in linked
        if not (path.parent / found["path"]).exists()
    ] == []


def test_every_code_of_a_finding_in_the_guides_exists() -> None:
    known = set(parse_messages(package_files.message_files()))
    named = {
        (path.name, code)
        for path in READ
        for code in re.findall(r"--rule ([a-z_.]+)", path.read_text(encoding="utf-8"))
    }
    assert named
    assert [each for each in named if each[1] not in known] == []


def test_settings_shown_to_the_administrator_are_settings_with_their_defaults_or_more() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", (GUIDES / "quan-tri.md").read_text(encoding="utf-8"), re.DOTALL)
    shown = tomllib.loads("\n".join(blocks))
    assert shown
    assert set(shown) <= {field.name for field in fields(Settings)}


def test_exit_codes_of_the_guide_are_those_of_the_product() -> None:
    text = (GUIDES / "quan-tri.md").read_text(encoding="utf-8")
    table = text.split("## Mã thoát", 1)[1].split("\n## ", 1)[0]
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}
    assert listed == {0, *(value for name, value in vars(errors).items() if name.startswith("EXIT_"))}


def test_services_call_commands_that_there_are(tmp_path: Path) -> None:
    calls = [
        line.split("/bin/motcua", 1)[1].strip()
        for unit in UNITS
        for line in unit.read_text(encoding="utf-8").splitlines()
        if line.startswith("ExecStart=")
    ]
    assert len(calls) == 3
    for call in calls:
        _parse(motcua, shlex.split(call))


def test_compose_file_is_read_only_unprivileged_and_asks_for_a_command_that_there_is() -> None:
    content = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    service = content["services"]["motcua"]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert (ROOT / service["build"]["dockerfile"]).exists()
    _, program, *words = service["healthcheck"]["test"]
    assert program.endswith("/bin/motcua")
    _parse(motcua, words)
    assert {volume.split(":")[0] for volume in service["volumes"]} <= set(content["volumes"])
