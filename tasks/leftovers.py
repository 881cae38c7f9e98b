"""Ends the temporary Prefect servers of runs that were killed: SIGKILL leaves them behind for ever.

Only those of this folder whose run is gone; a server that somebody started is never touched.
"""

import os
import signal
from pathlib import Path

PROC = Path("/proc")  # where there is none, as on macOS, nothing is found and nothing ended
TEMPORARY = b"PREFECT__SERVER_EPHEMERAL=1"


def end_left_servers() -> list[int]:
    """End them and return their process ids."""
    found = [int(entry.name) for entry in PROC.glob("[0-9]*") if _is_left(entry)]
    for process in found:
        os.kill(process, signal.SIGTERM)
    return found


def _is_left(process: Path) -> bool:
    try:
        orphan = b"\nPPid:\t1\n" in (process / "status").read_bytes()
        server = b"prefect.server.api.server:create_app" in (process / "cmdline").read_bytes()
        ours = (process / "cwd").readlink() == Path.cwd()
        return orphan and server and ours and TEMPORARY in (process / "environ").read_bytes()
    except OSError:
        return False  # it ended meanwhile, or belongs to somebody else
