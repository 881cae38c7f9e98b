import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tasks.leftovers import PROC, end_left_servers

PRETEND = "import time; time.sleep(60)  # prefect.server.api.server:create_app"
pytestmark = pytest.mark.skipif(not PROC.exists(), reason="there is no /proc on this system")


@pytest.mark.parametrize(
    ("folder", "temporary", "ended"),
    [(".", "1", True), ("/", "1", False), (".", "0", False)],
    ids=["ours", "of another folder", "started by somebody"],
)
def test_only_our_own_left_servers_are_ended(
    tmp_path: Path, folder: str, temporary: str, ended: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    left = orphan(Path(folder).resolve(), temporary)
    try:
        assert (left in end_left_servers()) is ended
    finally:
        subprocess.run(["kill", "-9", str(left)], check=False, stderr=subprocess.DEVNULL)


def orphan(folder: Path, temporary: str) -> int:
    """A process like a temporary server's, whose parent is gone."""
    code = (
        "import subprocess, sys; print(subprocess.Popen("
        f"[sys.executable, '-c', {PRETEND!r}], stdout=subprocess.DEVNULL, "
        "stderr=subprocess.DEVNULL).pid)"
    )
    environment = {**os.environ, "PREFECT__SERVER_EPHEMERAL": temporary}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, check=True
    )
    left = int(told.stdout)
    deadline = time.monotonic() + 10
    while b"\nPPid:\t1\n" not in (PROC / str(left) / "status").read_bytes():
        if time.monotonic() > deadline:
            pytest.skip("orphans get another parent than process 1 here")
        time.sleep(0.05)
    return left
