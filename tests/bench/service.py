"""The service as make run starts it, on a free port of this machine, ended by its own id."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.bench import process

SERVICE = "survey:create_app()"
_FLASK = ("-m", "flask", "--app", "survey")
_PAUSE = 0.005


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare(instance: Path, port: int) -> str:
    """Bring the database up to date and load the demonstration; return what that says."""
    process.run(*_FLASK, "prepare", instance_path=str(instance))
    return process.run(*_FLASK, "demo", "--port", str(port), instance_path=str(instance))


@contextmanager
def serve(application: str, instance: Path, port: int, path: str) -> Iterator[Path]:
    """Serve *application* until *path* has been answered once, and then as long as it is needed.

    Yields the file that gets a line for every request.
    """
    log = instance / f"requests-{port}.log"
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"),
            *("--workers", "2", "--threads", "8", "--no-control-socket"),
            *("--log-level", "warning", "--access-logfile", str(log), application),
        ],
        cwd=process.ROOT,
        env=process.environment(instance_path=str(instance)),
    )
    try:
        _wait(server, port, path)
        yield log
    finally:
        server.terminate()
        server.wait(process.SECONDS)


def _wait(server: subprocess.Popen[bytes], port: int, path: str) -> None:
    while server.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=process.SECONDS)
        try:
            connection.request("GET", path)
            status = connection.getresponse().status
        except ConnectionError:
            time.sleep(_PAUSE)
            continue
        finally:
            connection.close()
        if status != 200:
            raise HTTPException(f"{path} was answered with {status}")
        return
    raise RuntimeError(f"the server ended with {server.returncode}")
