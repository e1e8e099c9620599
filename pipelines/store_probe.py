"""Whether the server of an object store can be trusted with commits: it must refuse a name that is taken.

The tables' library looks at the log before it commits, so only two runs at the same moment would find out; hence a
request of our own, signed as Amazon's "Signature Version 4" describes it.
"""

from __future__ import annotations

import hashlib
import hmac
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from pipelines.clock import Clock
from pipelines.errors import StoreUnreachableError
from pipelines.object_store import Access, access_of, open_bucket, reason_of, remedy_of

_PREFIX = "_thu-"
_CONTENT = b"motcua"
_SECONDS = 30
_TAKEN = (409, 412)


def refuses_taken_names(root: str, clock: Clock) -> bool:
    """True where the server refuses the second of two conditional creations of one object; both are taken away.

    False for a server that takes no notice of the condition: on it two runs at the same moment would lose one of
    their commits without a word. Raises StoreUnreachableError where it cannot be asked.
    """
    name = f"{_PREFIX}{uuid.uuid4().hex}"
    try:
        files, base = open_bucket(root)
        try:
            answers = [_create(access_of(root), f"{base}/{name}", clock.now()) for _ in range(2)]
        finally:
            files.delete_file(f"{base}/{name}")
    except OSError as problem:
        raise StoreUnreachableError(
            f"Không ghi thử được vào kho {root} ({reason_of(problem)}); {remedy_of(root, '')}."
        ) from problem
    return answers[1] in _TAKEN


def _create(access: Access, path: str, now: datetime) -> int:
    """The status of a PUT on condition that there is no such object yet; OSError for any other refusal."""
    address = f"{access.endpoint}/{quote(path)}"
    headers = {"If-None-Match": "*", **signed_headers(access, "PUT", address, _CONTENT, now)}
    request = urllib.request.Request(address, _CONTENT, headers, method="PUT")
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        if refusal.code in _TAKEN:
            return refusal.code
        raise OSError(refusal.read().decode("utf-8", "replace")) from refusal


def signed_headers(
    access: Access, method: str, address: str, content: bytes, now: datetime
) -> Mapping[str, str]:
    """Headers with which an S3 server knows who asks: AWS Signature Version 4, one chunk."""
    url, instant = urlsplit(address), f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    digest = hashlib.sha256(content).hexdigest()
    signed = {"host": url.netloc, "x-amz-content-sha256": digest, "x-amz-date": instant}
    if access.token:
        signed["x-amz-security-token"] = access.token
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    asked = f"{method}\n{url.path}\n{url.query}\n{lines}\n{names}\n{digest}"
    scope = f"{instant[:8]}/{access.region}/s3/aws4_request"
    told = f"AWS4-HMAC-SHA256\n{instant}\n{scope}\n{hashlib.sha256(asked.encode()).hexdigest()}"
    key = f"AWS4{access.secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, told.encode(), hashlib.sha256).hexdigest()
    return {
        **{name: value for name, value in signed.items() if name != "host"},
        "Authorization": f"AWS4-HMAC-SHA256 Credential={access.key}/{scope}, SignedHeaders={names}, Signature={signature}",
    }
