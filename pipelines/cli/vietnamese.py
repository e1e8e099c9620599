"""Click in Vietnamese: help pages and usage errors that staff can read."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

_WORDS = {
    "Options": "Tùy chọn",
    "Commands": "Lệnh",
    "Show this message and exit.": "Hiện trang trợ giúp này.",
}


_NOTES = {"[required]": "[bắt buộc]", "x>=": "từ ", "x<=": "đến "}
_RANGE = re.compile(r"\[(\S+)<=x<=(\S+)\]")
_USAGE_WORDS = {"[OPTIONS]": "[TÙY CHỌN]", "[ARGS]...": "[THAM SỐ]...", "COMMAND": "LỆNH"}


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        words = args
        for english, vietnamese in _USAGE_WORDS.items():
            words = words.replace(english, vietnamese)
        super().write_usage(prog, words, "Cách dùng: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_WORDS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(name, _vietnamese_notes(help_)) for name, help_ in rows], col_max, col_spacing)


def _vietnamese_notes(help_text: str) -> str:
    """What click adds of its own after an option's explanation."""
    words = _RANGE.sub(r"[từ \1 đến \2]", help_text)
    for english, vietnamese in _NOTES.items():
        words = words.replace(english, vietnamese)
    return words


class _Context(click.Context):
    formatter_class = _Formatter


class VietnameseCommand(click.Command):
    """A command whose help page is Vietnamese."""

    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The --help option with a Vietnamese explanation."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _WORDS["Show this message and exit."]
        return option


class VietnameseGroup(VietnameseCommand, click.Group):
    """A group of commands whose help page is Vietnamese."""

    context_class = _Context
    command_class = VietnameseCommand


VietnameseGroup.group_class = VietnameseGroup


def usage_sentence(problem: click.UsageError) -> str:
    """One Vietnamese sentence for what click found wrong with the command line."""
    command = problem.ctx.command_path if problem.ctx else "motcua"
    hint = f"gõ “{command} --help” để xem cách dùng."
    match problem:
        case click.NoSuchOption(option_name=name):
            return f"Không có tùy chọn {name}; {hint}"
        case click.MissingParameter(param=param):
            name = _parameter_name(param)
            return f"Thiếu {name}; {hint}"
        case click.BadParameter(param=param, message=message):
            return (
                f"Giá trị của {_parameter_name(param)} không hợp lệ: {_value_problem(param, message)}; {hint}"
            )
        case _ if "No such command" in problem.message:
            return f"Không có lệnh {_quoted(problem.message)}; {hint}"
        case _ if "unexpected extra argument" in problem.message:
            return f"Thừa tham số {_quoted(problem.message)}; {hint}"
        case _ if "requires an argument" in problem.message:
            return f"Tùy chọn {_quoted(problem.message)} cần một giá trị; {hint}"
        case _:
            return f"Dòng lệnh chưa đúng; {hint}"


def _parameter_name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return f"tùy chọn {param.opts[0]}"
    return (
        f"tham số {param.make_metavar(click.Context(click.Command('x')))}" if param is not None else "tham số"
    )


def _value_problem(param: click.Parameter | None, message: str) -> str:
    kind = param.type if param is not None else None
    if isinstance(kind, click.Choice):
        return "chọn một trong " + ", ".join(str(choice) for choice in kind.choices)
    if isinstance(kind, click.Path):
        return "không tìm thấy tệp hoặc thư mục, hoặc không đọc được"
    if isinstance(kind, click.DateTime):
        return "ngày viết theo dạng 2021-09-05"
    if isinstance(kind, click.IntRange | click.FloatRange):
        return _range_words(kind)
    if isinstance(kind, type(click.INT)):
        return "cần một số nguyên"
    return message


def _range_words(kind: click.IntRange | click.FloatRange) -> str:
    what = "số nguyên" if isinstance(kind, click.IntRange) else "số"
    low = f" từ {kind.min:g}" if kind.min is not None else ""
    high = f" đến {kind.max:g}" if kind.max is not None else ""
    return f"cần một {what}{low}{high}"


def _quoted(message: str) -> str:
    parts = message.split("'")
    if len(parts) >= 2:
        return f"“{parts[1]}”"
    inside = message[message.find("(") + 1 : message.rfind(")")]
    return f"“{inside}”"
