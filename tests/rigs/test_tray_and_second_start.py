"""The real program with a real tray: it hides there, comes back, and hears a second start."""

import signal
import subprocess
import sys

from tests.support.notifications import NotificationDaemon
from tests.support.program import ROOT, Desk
from tests.support.screen import Spy
from tests.support.tray import Tray
from tests.support.waiting import eventually

SECOND = [sys.executable, "-m", "autosky_desktop.cli", "desktop"]
SETTLED = 60.0


def title(desk: Desk) -> str:
    """Of the window that can be seen; empty when there is none."""
    return xdotool(desk, "search", "--onlyvisible", "--name", "Autosky Desktop", "getwindowname")


def xdotool(desk: Desk, *words: str) -> str:
    return subprocess.run(
        ["xdotool", *words], env=desk.environment, capture_output=True, text=True, check=False
    ).stdout


def start_again(desk: Desk, *link: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SECOND, "--data", str(desk.home / "data"), *link],
        cwd=ROOT,
        env=desk.environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_it_starts_hidden_and_a_second_start_brings_it_to_the_front_at_its_link(
    desk: Desk, tray: Tray, notifications_at_desk: NotificationDaemon
) -> None:
    with desk.desktop("--hidden", "--speed", "1"):
        assert tray.sees().tip.startswith("Autosky Desktop: ")
        assert title(desk) == ""

        second = start_again(desk, "autosky://environment/payroll")
        assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
        eventually(lambda: title(desk).startswith("Payroll"))

        tray.click("Open Autosky Desktop")
        eventually(lambda: title(desk))


def test_a_second_start_beside_one_that_hangs_says_so_on_the_screen(desk: Desk) -> None:
    """Whoever starts it from a menu sees no standard error."""
    with desk.desktop("--speed", "1") as first:
        eventually(lambda: " – Autosky Desktop" in title(desk), within=SETTLED)
        first.send_signal(signal.SIGSTOP)
        try:
            with desk.running([*SECOND, "--data", str(desk.home / "data")]) as second:
                of_it = ["search", "--all", "--onlyvisible", "--pid", str(second.pid)]
                told = [*of_it, "--name", "Autosky Desktop"]
                window = eventually(lambda: xdotool(desk, *told), within=SETTLED).split()[0]
                xdotool(desk, "windowactivate", "--sync", window, "key", "Escape")
                assert second.wait(30) == 1
        finally:
            first.send_signal(signal.SIGCONT)


def test_the_menu_of_the_tray_leads_and_quits(desk: Desk, tray: Tray) -> None:
    with desk.desktop("--hidden", "--speed", "1") as program:
        tray.sees()
        eventually(lambda: "ERP Production (Production): Stopped" in tray.labels())
        tray.click("ERP Production (Production): Stopped", "Publish new version")
        eventually(lambda: title(desk).startswith("ERP Production"))
        labels = tray.labels()
        assert labels[-2:] == ["Open Autosky Desktop", "Quit"]
        assert "Pause reminders" in labels
        program.terminate()
        program.wait(30)


def test_a_panel_that_comes_later_gets_its_icon(
    desk: Desk, notifications_at_desk: NotificationDaemon
) -> None:
    from tests.support.tray import panel, reading_tray

    with desk.desktop("--speed", "1"):
        with Spy(desk.display, "root", "_NET_CLIENT_LIST") as windows:
            windows.until(r"# (0x\w+)", SETTLED)
        eventually(lambda: " – Autosky Desktop" in title(desk))
        with panel(desk), reading_tray(desk) as tray:
            assert tray.sees().status == "Active"
