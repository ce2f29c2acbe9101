"""The window at rest with its icon in a real panel's tray and three environments followed, and its
control plane.

    python tests/bench/idle.py [--looks 5] [--idle 15]

The demo's cloud stands still. Each environment is opened by a link, as a second start hands it
over. The window's are medians of several looks; the control plane's wake-ups come in bursts, when
it confirms what it knows, and are counted over all of them. The panel is another process and does
not count. Ends with 1 when a bar is missed.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.window import DESKTOP, PATIENCE, SETTLING, Idle
from tests.support.program import Desk, desk
from tests.support.screen import Spy
from tests.support.tray import KEEPER_OF_SETTINGS, panel, reading_tray
from tests.support.usage import children, usage

OPENED = ("erp-staging", "payroll", "erp-production")
NAMES = ("ERP Staging", "Payroll", "ERP Production")
CPU_BAR, SWITCHES_BAR, PLANE_BAR = 0.0, 1.0, 2.0


def look_on(pid: int, looks: int, seconds: float) -> tuple[list[Idle], Idle]:
    """Return the use of the window at each look, and of its control plane over all of them."""
    [plane] = children(pid)
    began, plane_before, seen = time.perf_counter(), usage(plane), []
    for _ in range(looks):
        before, since = usage(pid), time.perf_counter()
        time.sleep(seconds)
        seen.append(Idle(usage(pid) - before, time.perf_counter() - since))
    return seen, Idle(usage(plane) - plane_before, time.perf_counter() - began)


def rest(session: Desk, looks: int, seconds: float) -> tuple[list[Idle], Idle]:
    root = Spy(session.display, "root", "_NET_CLIENT_LIST")
    with panel(session), reading_tray(session) as tray, root as windows:
        windows.until("_NET_CLIENT_LIST", PATIENCE)
        with session.desktop("--speed", "0.001") as program:
            window = windows.until(r"# .*?(0x\w+)$", PATIENCE)[1]
            tray.sees()
            open_all(session, window)
            time.sleep(2 * SETTLING)
            return look_on(program.pid, looks, seconds)


def open_all(session: Desk, window: str) -> None:
    with Spy(session.display, window, "_NET_WM_NAME") as title:
        title.until(r"– Autosky Desktop", PATIENCE)
        for identity, name in zip(OPENED, NAMES, strict=True):
            data = ["--data", str(session.home / "data")]
            link = [*DESKTOP, *data, f"autosky://environment/{identity}"]
            with session.running(link, QT_QPA_PLATFORM="xcb") as second:
                title.until(f"{name} – Autosky Desktop", PATIENCE)
                second.wait(PATIENCE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--looks", type=int, default=5, help="how often to look on")
    parser.add_argument("--idle", type=float, default=15.0, help="seconds of each look")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, desk(Path(home), KEEPER_OF_SETTINGS) as session:
        seen, plane = rest(session, given.looks, given.idle)
    ticks = statistics.median(idle.ticks for idle in seen)
    cpu = statistics.median(idle.cpu for idle in seen)
    switches = statistics.median(idle.switches for idle in seen)
    met = ticks <= CPU_BAR and switches <= SWITCHES_BAR
    print(
        f"at rest with a tray icon and three environments: CPU {ticks:.0f} ms/min (bar "
        f"{CPU_BAR:.0f}; {cpu:.1f} by the scheduler's count), {switches:.2f} wake-ups/s "
        f"(bar {SWITCHES_BAR:.0f}): {'met' if met else 'MISSED'}"
    )
    plane_met = plane.switches <= PLANE_BAR
    print(
        f"its control plane: CPU {plane.cpu:.0f} ms/min, {plane.switches:.2f} wake-ups/s "
        f"(bar {PLANE_BAR:.0f}): {'met' if plane_met else 'MISSED'}"
    )
    return 0 if met and plane_met else 1


if __name__ == "__main__":
    sys.exit(main())
