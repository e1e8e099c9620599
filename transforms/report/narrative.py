"""From templates to blocks: the environment in which narrative templates run.

Text in, text out: no autoescape, unknown names raise, arithmetic is refused, and so is printing a bare
number, since every printed number has to be a figure that leads back to its cell.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping

from jinja2 import (
    BytecodeCache,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import SandboxedEnvironment

from transforms.report.blocks import Block, Chart, Table
from transforms.report.cells import Cells
from transforms.report.figures import FigureBook
from transforms.report.inputs import ReportInputs
from transforms.report.lexicon import Lexicon, LexiconError
from transforms.report.markup import TemplateProblemError, end_with_mark, location_mark, parse_blocks


def build_narrative(
    template: str,
    inputs: ReportInputs,
    cells: Cells,
    tables: Mapping[str, Table],
    charts: Mapping[str, Chart],
) -> tuple[Block, ...]:
    """The blocks of that template, ended with "./.".

    Raises TemplateProblemError naming template and line when the template cannot be used.
    """
    book = FigureBook()
    environment = _environment(inputs.templates)
    environment.globals.update(Lexicon(inputs, cells, book, frozenset(tables)).words())
    text = _render(environment, template, inputs.templates)
    return end_with_mark(parse_blocks(text, book, template, tables, charts))


def _render(environment: SandboxedEnvironment, template: str, sources: Mapping[str, str]) -> str:
    try:
        return environment.get_template(template).render()
    except TemplateSyntaxError as error:
        raise TemplateProblemError(error.name or template, error.lineno, error.message or "") from error
    except TemplateNotFound as error:
        raise TemplateProblemError(str(error.name or template), 0, "không tìm thấy mẫu này") from error
    except (TemplateError, LexiconError, TypeError, ValueError) as error:
        place = _place(error, sources) or (template, 0)
        raise TemplateProblemError(*place, str(error)) from error


def _place(error: Exception, sources: Mapping[str, str]) -> tuple[str, int] | None:
    """The innermost template line in the traceback; Jinja maps its frames back to the sources."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in sources]
    return (frames[-1].filename, frames[-1].lineno or 0) if frames else None


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


class _Environment(SandboxedEnvironment):
    """Sandbox without arithmetic: a template that calculates would print a number without a cell."""

    intercepted_binops = frozenset(SandboxedEnvironment.default_binop_table)
    intercepted_unops = frozenset(SandboxedEnvironment.default_unop_table)

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


def _environment(sources: Mapping[str, str]) -> SandboxedEnvironment:
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
    raise ValueError(
        f"mẫu chỉ được in chữ; số phải in bằng count, number, amount hoặc share, nhận được: {value!r}"
    )
