"""A store on an S3-compatible object store. Where it is and who may use it comes from the environment alone.

``AWS_ENDPOINT_URL``, ``AWS_REGION``, ``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, ``AWS_SESSION_TOKEN`` and, for an
address without TLS, ``AWS_ALLOW_HTTP=true``. They are looked up at every use and kept in no value, so they reach neither
logs nor manifests, and no task that travels to another machine carries them.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.errors import ConfigurationError

if TYPE_CHECKING:
    from pyarrow.fs import S3FileSystem

SCHEME = "s3://"
_KEY, _SECRET, _TOKEN = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"
_ENDPOINT, _REGION, _PLAIN = "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ALLOW_HTTP"
_DEFAULT_REGION = "us-east-1"
"""What servers of one's own answer to."""
_CODE, _MARKS = re.compile(r"<Code>(\w+)</Code>"), re.compile(r"\x1b\[\d+m|↳")
_CONNECT_SECONDS, _ANSWER_SECONDS, _TRIES = 5, 60, 4


def is_remote(root: str) -> bool:
    """True for a store that is not a folder."""
    return root.startswith(SCHEME)


def storage_options(root: str) -> dict[str, str] | None:
    """What the tables' library needs to reach the store, None for a folder.

    A commit is a conditional put: the server itself refuses the second of two writers of one log entry. Raises
    ConfigurationError where the environment lacks something.
    """
    if not is_remote(root):
        return None
    given = {name: os.environ[name] for name in (_KEY, _SECRET, _TOKEN, _ENDPOINT) if os.environ.get(name)}
    _require(root)
    return {
        **given,
        _REGION: os.environ.get(_REGION) or _DEFAULT_REGION,
        _PLAIN: "true" if _is_plain_allowed() else "false",
        "aws_conditional_put": "etag",
        "connect_timeout": f"{_CONNECT_SECONDS}s",
        "timeout": f"{_ANSWER_SECONDS}s",
        "max_retries": str(_TRIES),
        "retry_timeout": f"{_ANSWER_SECONDS}s",
    }


@dataclass(frozen=True, slots=True)
class Access:
    """What the environment says about the server, for one request; never kept, and shown without its secrets."""

    endpoint: str
    region: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    token: str = field(repr=False)


def access_of(root: str) -> Access:
    """Where the server is and who asks. Raises ConfigurationError where the environment lacks something."""
    _require(root)
    region = os.environ.get(_REGION) or _DEFAULT_REGION
    endpoint = os.environ.get(_ENDPOINT) or f"https://s3.{region}.amazonaws.com"
    return Access(
        endpoint.rstrip("/"), region, os.environ[_KEY], os.environ[_SECRET], os.environ.get(_TOKEN, "")
    )


def open_bucket(root: str) -> tuple[S3FileSystem, str]:
    """The files beside the tables: a file system, and the store's path in it. Raises ConfigurationError likewise."""
    access = access_of(root)
    endpoint = os.environ.get(_ENDPOINT, "")
    files = _file_system(access.key, access.secret, access.token or None, access.region, endpoint)
    return files, root.removeprefix(SCHEME).rstrip("/")


def without_secrets(text: str) -> str:
    """The text, a server's error for instance, with keys and tokens blotted out."""
    for name in (_SECRET, _TOKEN, _KEY):
        if value := os.environ.get(name):
            text = text.replace(value, "***")
    return text


def reason_of(problem: Exception) -> str:
    """Why the disk or the server refused, in one short piece of its own words without secrets.

    A server's code (NoSuchBucket, AccessDenied) where there is one, else the innermost of the causes.
    """
    text = without_secrets(str(problem))
    if code := _CODE.search(text):
        return code[1]
    lines = [_MARKS.sub("", line).strip() for line in text.splitlines()]
    causes = [line for line in lines if line] or [type(problem).__name__]
    return (causes[-1] if "↳" in text else causes[0])[:200]


def remedy_of(root: str, otherwise: str) -> str:
    """What to do where the store cannot be reached: for a folder what is given."""
    if not is_remote(root):
        return otherwise
    return (
        "hãy kiểm tra máy chủ kho đối tượng, mạng và khóa truy cập rồi chạy lại, dữ liệu đã có không thay đổi"
    )


@lru_cache(maxsize=4)
def _file_system(key: str, secret: str, token: str | None, region: str, endpoint: str) -> S3FileSystem:
    # Imported here: it loads a large library that a store in a folder does not need.
    from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem

    address = urlsplit(endpoint)
    return S3FileSystem(
        access_key=key,
        secret_key=secret,
        session_token=token,
        region=region,
        endpoint_override=address.netloc + address.path.rstrip("/") or None,
        scheme=address.scheme or "https",
        connect_timeout=_CONNECT_SECONDS,
        request_timeout=_ANSWER_SECONDS,
        retry_strategy=AwsStandardS3RetryStrategy(max_attempts=_TRIES),
    )


def _is_plain_allowed() -> bool:
    return os.environ.get(_PLAIN, "").lower() in ("true", "1")


def _require(root: str) -> None:
    missing = [name for name in (_KEY, _SECRET) if not os.environ.get(name)]
    if missing:
        raise ConfigurationError(
            f"Kho dữ liệu {root} cần biến môi trường {', '.join(missing)}; hãy đặt trong tệp bí mật của dịch vụ "
            "(/etc/motcua/secrets.env), không ghi vào motcua.toml."
        )
    if os.environ.get(_ENDPOINT, "").startswith("http://") and not _is_plain_allowed():
        raise ConfigurationError(
            f"Địa chỉ kho đối tượng trong biến {_ENDPOINT} không có TLS (http://); hãy dùng https://, hoặc đặt "
            f"{_PLAIN}=true nếu đường truyền không ra khỏi mạng nội bộ."
        )
