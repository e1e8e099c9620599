"""Every finding has its words, every command its help and its place in the README, every column a label."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from expectations.messages import Messages, parse_messages
from expectations.registry import finding_codes
from pipelines import package_files
from pipelines.cli.root import COMMANDS, LazyGroup, motcua
from transforms.schema.tables import ALL_TABLES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE_IN_SOURCE = re.compile(
    r'(?:Finding|UnreadableFileError|_refused)\(\s*(?:[a-z_, ]+,\s*)?"([a-z_0-9]+(?:\.[a-z_0-9]+)+)"'
)


@pytest.fixture(scope="module")
def messages() -> Messages:
    return parse_messages(package_files.message_files())


def test_every_code_that_validation_can_raise_has_a_message(messages: Messages) -> None:
    assert sorted(set(finding_codes()) - set(messages)) == []


def test_every_code_named_in_the_source_has_a_message(messages: Messages) -> None:
    named = {
        code
        for top in ("transforms", "expectations", "pipelines")
        for path in (ROOT / top).rglob("*.py")
        for code in CODE_IN_SOURCE.findall(path.read_text(encoding="utf-8"))
    }
    assert len(named) > 15
    assert sorted(named - set(messages)) == []


def _commands(group: click.Group, prefix: str = "") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group) and command is not motcua:
            found |= _commands(command, f"{prefix}{name} ")
        else:
            found[f"{prefix}{name}"] = command
    return found


def test_every_command_and_option_has_vietnamese_help_and_stands_in_the_readme() -> None:
    assert isinstance(motcua, LazyGroup)
    for name, command in _commands(motcua).items():
        assert command.help, name
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help, f"{name} {option.opts}"
    for name in COMMANDS:
        assert f"motcua {name}" in README, name


def test_every_column_has_a_label_and_a_description() -> None:
    for table in ALL_TABLES:
        assert table.label
        for column in table.columns:
            assert column.label, f"{table.name}.{column.name}"
            assert column.description.endswith("."), f"{table.name}.{column.name}"
