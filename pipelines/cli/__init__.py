"""The command ``motcua``."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import click

from pipelines.cli.vietnamese import usage_sentence
from pipelines.errors import EXIT_BUG, EXIT_STOPPED, EXIT_STORE, EXIT_USAGE, UserError, reason_of
from pipelines.interruption import STOPPED


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with a stable exit code (DESIGN.md section 5).

    A user error is one sentence without a traceback; a bug puts its traceback into the run's log.
    """
    from pipelines.cli.root import motcua

    try:
        code = motcua.main(args=arguments, prog_name="motcua", standalone_mode=False)
    except click.UsageError as problem:
        _say(usage_sentence(problem))
        sys.exit(EXIT_USAGE)
    except click.Abort:
        _say(STOPPED)
        sys.exit(EXIT_STOPPED)
    except UserError as problem:
        _say(str(problem))
        sys.exit(problem.exit_code)
    except OSError as problem:
        # Whatever the step, a disk that is full, read-only or gone is the administrator's to mend, not a bug.
        what = reason_of(problem)
        where = f" {problem.filename}" if problem.filename else ""
        _say(
            f"Không đọc hoặc ghi được{where} ({what}); hãy kiểm tra dung lượng đĩa và quyền, dữ liệu đã có không thay đổi."
        )
        sys.exit(EXIT_STORE)
    except Exception:
        # A run has written the traceback into its own log; MOTCUA_DEBUG shows it where there was no run.
        if os.environ.get("MOTCUA_DEBUG"):
            traceback.print_exc()
        _say(
            "Phần mềm gặp lỗi không lường trước; dữ liệu đã có không thay đổi. Hãy gửi nhật ký của lượt chạy "
            "(log.jsonl trong thư mục runs/) cho bộ phận kỹ thuật, hoặc chạy lại với MOTCUA_DEBUG=1 để xem chi tiết."
        )
        sys.exit(EXIT_BUG)
    sys.exit(code if isinstance(code, int) else 0)


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
