"""An S3 server in a process of its own, reached over HTTP on the loopback: moto's, which knows conditional puts."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

BUCKET = "kho"
KEY, SECRET = "KHOA-THU-0001", "BI-MAT-THU-0001"


@contextmanager
def running_object_store(said: Path = Path(os.devnull)) -> Iterator[Mapping[str, str]]:
    """The environment with which the product reaches the server and its empty bucket, until the block ends.

    ``said``: where every request is written down.
    """
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with said.open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 120
        while not _is_there(address):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.3)
        yield {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ALLOW_HTTP": "true",
        }
    finally:
        process.kill()
        process.wait()


@contextmanager
def without_conditions(address: str) -> Iterator[str]:
    """The address of a server that passes everything on but the conditions of a PUT, as old servers ignore them."""
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Careless", (_Careless,), {"behind": address})) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Careless(BaseHTTPRequestHandler):
    behind: str
    protocol_version = "HTTP/1.1"

    def _pass_on(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(size) if size else None
        dropped = ("host", "if-none-match", "if-match", "connection")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in dropped}
        connection = HTTPConnection(urlsplit(self.behind).netloc, timeout=60)
        connection.request(self.command, self.path, content, headers)
        answer = connection.getresponse()
        found = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server"):
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(found))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        self.wfile.write(found)
        connection.close()

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _pass_on  # noqa: N815 - the names are http.server's

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def create_object(address: str, name: str, content: bytes) -> int:
    """The status of a PUT on condition that there is no such object yet."""
    try:
        answer = _client(address).put_object(Bucket=BUCKET, Key=name, Body=content, IfNoneMatch="*")
    except ClientError as problem:
        answer = problem.response
    return int(answer["ResponseMetadata"]["HTTPStatusCode"])


def _client(address: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=address,
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
        config=Config(retries={"max_attempts": 1}),
    )


def _is_there(address: str) -> bool:
    try:
        _client(address).create_bucket(Bucket=BUCKET)
    except BotoCoreError:
        return False
    return True
