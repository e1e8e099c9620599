"""The few small files that lie beside the tables of a store, in its folder or its bucket.

Each is written whole or not at all: an object store shows no half of an object, a folder none of a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.durable import write_whole
from pipelines.errors import StoreUnreachableError
from pipelines.object_store import is_remote, open_bucket, reason_of, remedy_of

_CHUNK = 1 << 20


def read_file(root: str, name: str) -> bytes | None:
    """The content of one file, None where there is none. Raises StoreUnreachableError where it cannot be read."""
    with _refusals(root, name):
        try:
            return _content_of(root, name)
        except FileNotFoundError:
            return None


def _content_of(root: str, name: str) -> bytes:
    if not is_remote(root):
        return (Path(root) / name).read_bytes()
    files, base = open_bucket(root)
    with files.open_input_stream(f"{base}/{name}") as stream:
        content: bytes = stream.read()
    return content


def write_file(root: str, name: str, content: bytes) -> None:
    """Put one file in place. Raises StoreUnreachableError where the disk or the store refuses."""
    with _refusals(root, name):
        if not is_remote(root):
            path = Path(root) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)
            return
        files, base = open_bucket(root)
        with files.open_output_stream(f"{base}/{name}") as stream:
            stream.write(content)


def has_file(root: str, name: str) -> bool:
    """True where there is such a file. Raises StoreUnreachableError where that cannot be said."""
    with _refusals(root, name):
        if not is_remote(root):
            return (Path(root) / name).exists()
        files, base = open_bucket(root)
        return bool(files.get_file_info(f"{base}/{name}").is_file)


def folders(root: str) -> tuple[str, ...]:
    """Names of the folders directly below the store: its tables and what else has many files.

    Raises StoreUnreachableError for a bucket that is not there: it is the administrator's to make.
    """
    with _refusals(root, ""):
        if not is_remote(root):
            base = Path(root)
            return (
                tuple(sorted(path.name for path in base.iterdir() if path.is_dir())) if base.is_dir() else ()
            )
        from pyarrow.fs import FileSelector, FileType

        files, path = open_bucket(root)
        found = files.get_file_info(FileSelector(path, allow_not_found=True))
        bucket = path.partition("/")[0]
        if not found and files.get_file_info(bucket).type == FileType.NotFound:
            raise StoreUnreachableError(
                f"Máy chủ kho đối tượng không có kho {bucket} (bucket) hoặc khóa truy cập không được phép thấy nó; "
                "hãy tạo kho này và cấp quyền, hoặc sửa khóa store trong motcua.toml."
            )
        return tuple(sorted(each.base_name for each in found if each.type == FileType.Directory))


def fetch_all(root: str, target: Path) -> None:
    """Copy every object of a store in a bucket into a folder. Raises StoreUnreachableError."""
    with _refusals(root, ""):
        from pyarrow.fs import FileSelector

        files, base = open_bucket(root)
        for each in files.get_file_info(FileSelector(base, recursive=True, allow_not_found=True)):
            if not each.is_file:
                continue
            name = each.path.removeprefix(f"{base}/")
            if ".." in name.split("/"):
                continue  # no name of ours: it would land outside the folder
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with files.open_input_stream(each.path) as stream, path.open("xb") as file:
                while chunk := stream.read(_CHUNK):
                    file.write(chunk)


@contextmanager
def _refusals(root: str, name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as problem:
        if not is_remote(root):
            raise
        raise StoreUnreachableError(
            f"Không đọc hoặc ghi được {root}/{name} ({reason_of(problem)}); {remedy_of(root, '')}."
        ) from problem
