"""From templates to blocks: the environment in which narrative templates run.

Text in, text out: no autoescape, unknown names raise, arithmetic is refused, and so is printing a bare
number, since every printed number has to be a figure that leads back to its cell.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from dataclasses import replace

from jinja2 import (
    BytecodeCache,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    Undefined,
)
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment

from transforms.report.blocks import Chart, Table
from transforms.report.cells import Cells
from transforms.report.figures import FigureBook
from transforms.report.inputs import ReportInputs
from transforms.report.lexicon import Lexicon, LexiconError
from transforms.report.markup import (
    Outline,
    TemplateProblemError,
    end_with_mark,
    location_mark,
    parse_outline,
)

_TOP_LEVEL = "top-level template code"
"""What Jinja calls the frame of a template itself, in contrast to that of a macro."""


def build_narrative(
    template: str,
    inputs: ReportInputs,
    cells: Cells,
    tables: Mapping[str, Table],
    charts: Mapping[str, Chart],
) -> Outline:
    """The blocks of that template, ended with "./.", and the headings that had no content.

    Raises TemplateProblemError naming template and line when the template cannot be used.
    """
    book = FigureBook()
    environment = template_environment(inputs.templates)
    environment.globals.update(Lexicon(inputs, cells, book, frozenset(tables)).words())
    text = _render(environment, template, inputs.templates)
    outline = parse_outline(text, book, template, tables, charts)
    return replace(outline, blocks=end_with_mark(outline.blocks))


def template_words(inputs: ReportInputs) -> frozenset[str]:
    """Every name that a template of that report may use."""
    return frozenset(Lexicon(inputs, Cells(inputs), FigureBook(), frozenset()).words())


def _render(environment: ImmutableSandboxedEnvironment, template: str, sources: Mapping[str, str]) -> str:
    try:
        return environment.get_template(template).render()
    except TemplateSyntaxError as error:
        raise TemplateProblemError(error.name or template, error.lineno, error.message or "") from error
    except TemplateNotFound as error:
        raise TemplateProblemError(str(error.name or template), 0, "không tìm thấy mẫu này") from error
    except (TemplateError, LexiconError, TypeError, ValueError) as error:
        *callers, place = _places(error, sources) or [(template, 0)]
        called = f" (gọi từ {callers[-1][0]} dòng {callers[-1][1]})" if callers else ""
        raise TemplateProblemError(*place, f"{error}{called}") from error


def _places(error: Exception, sources: Mapping[str, str]) -> list[tuple[str, int]]:
    """The innermost template line in the traceback; before it the line that called, where it is that of a macro.

    Jinja maps its frames back to the sources.
    """
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in sources]
    shown = frames[-2:] if frames and frames[-1].name != _TOP_LEVEL else frames[-1:]
    return [(frame.filename, frame.lineno or 0) for frame in shown]


class _LineMarks(Extension):
    """Puts a private mark before every line of template text, so that markup errors name the source."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens, literal text carrying the marks."""
        for token in stream:
            yield self._marked(token, stream.name or "") if token.type == "data" else token

    @staticmethod
    def _marked(token: Token, template: str) -> Token:
        lines = token.value.split("\n")
        marked = [location_mark(template, token.lineno + offset) + line for offset, line in enumerate(lines)]
        return Token(token.lineno, token.type, "\n".join(marked))


class _Environment(ImmutableSandboxedEnvironment):
    """Sandbox without arithmetic: a template that calculates would print a number without a cell."""

    intercepted_binops = frozenset(ImmutableSandboxedEnvironment.default_binop_table)
    intercepted_unops = frozenset(ImmutableSandboxedEnvironment.default_unop_table)

    def call_binop(self, context: object, operator: str, left: object, right: object) -> object:
        """Refuse."""
        raise SecurityError(f"mẫu không được tính toán (dấu {operator})")

    def call_unop(self, context: object, operator: str, arg: object) -> object:
        """Refuse."""
        raise SecurityError(f"mẫu không được tính toán (dấu {operator})")


class _Compiled(BytecodeCache):
    """Templates compiled once a process: a night renders each of them for every unit and period."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket where this very source was compiled before."""
        if (code := self._codes.get((bucket.key, bucket.checksum))) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._codes[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def template_environment(sources: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    """Where templates are read and run; their words are added as globals."""

    def load(name: str) -> tuple[str, str, None] | None:
        # The file name of the loaded template is its key, which is how a traceback finds it.
        return (sources[name], name, None) if name in sources else None

    return _Environment(
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_only_text,
        bytecode_cache=_COMPILED,
        extensions=[_LineMarks],
    )


def _only_text(value: object) -> object:
    """The value when it may be printed; ValueError for a bare number, a list or nothing."""
    # Undefined values pass through: StrictUndefined raises with a better message itself.
    if isinstance(value, str | StrictUndefined):
        return value
    if isinstance(value, Undefined):  # {{ "words" if something }}: nothing is to be printed otherwise
        return ""
    raise ValueError(
        f"mẫu chỉ được in chữ; số phải in bằng count, number, amount hoặc share, nhận được: {value!r}"
    )
