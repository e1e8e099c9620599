"""An S3 server in a process of its own, reached over HTTP on the loopback: moto's, which knows conditional puts."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

BUCKET = "kho"
KEY, SECRET = "KHOA-THU-0001", "BI-MAT-THU-0001"


@contextmanager
def running_object_store() -> Iterator[Mapping[str, str]]:
    """The environment with which the product reaches the server and its empty bucket, until the block ends."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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
