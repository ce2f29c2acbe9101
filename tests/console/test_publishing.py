"""The console's commands that publish."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from autosky_desktop.console.following import newest
from autosky_desktop.server.providers.simulated import Faults
from tests.support.evening import a_publication

STANDARD = ("--model", "standard", "--yes", "--wait")


def test_a_publication_is_shown_begun_and_waited_for(console):
    shown = console("publish", "erp-staging", "--preview")
    assert shown.code == 0
    assert "Publish version 58 to ERP Staging?" in shown.beside
    assert not console("history", "erp-staging", "--json").json[0]
    written = console(
        "publish", "erp-staging", "--model", "standard", "--note", "try", "--yes", "--wait"
    )
    assert written.code == 0, written.beside
    assert "The publication of version 58 has begun." in written.out
    lines = written.beside.splitlines()
    assert "3 of 6, Image creation: Done" in lines
    assert lines[-1] == "Completed"
    told = console("history", "erp-staging")
    assert "Standard" in told.out
    assert console("history", "erp-staging", "--search", "nothing of the kind").out == ""
    run = console("history", "erp-staging", "--json").json[0][0]
    assert (run["version"], run["note"]) == (58, "try")
    assert "Version 58: Completed" in console("publication", run["id"]).out
    assert "58" in console("activity", "erp-staging").out


def test_json_tells_the_publication_again_with_each_change(console):
    written = console("publish", "erp-staging", "--model", "standard", "--yes", "--wait", "--json")
    states = [it["state"] for it in written.json]
    assert states[0] in ("queued", "running")
    assert states[-1] == "succeeded"
    assert len({it["id"] for it in written.json}) == 1


def test_a_failure_has_an_exit_code_and_a_reason_and_is_tried_again(console):
    console.running.break_cloud(Faults(image_fails="The disk is full."))
    written = console("publish", "erp-staging", *STANDARD)
    assert written.code == 3
    assert "Failed at step 3" in written.beside
    assert "The disk is full." in written.beside
    console.running.break_cloud(Faults())
    failed = console("history", "erp-staging", "--json").json[0][0]["id"]
    again = console("retry", failed, "--yes", "--wait")
    assert again.code == 0, again.beside
    assert "tried again" in again.beside


def test_what_was_known_before_it_was_asked_is_not_taken_for_the_answer():
    before, answer = a_publication(state="failed"), a_publication(state="running", retries=1)
    after = a_publication(state="succeeded", retries=1)
    assert newest(before, before, answer) is answer
    assert newest(None, None, answer) is answer
    assert newest(after, before, answer) is after
    assert newest(before, None, answer) is before


def test_a_hold_ends_the_wait_with_a_code_of_its_own(console):
    held = console("publish", "payroll", "--hold", "1", "--terminate-sessions", "--yes", "--wait")
    assert held.code == 5
    assert "Waits for you" in held.beside
    gone_on = console("go-on", "payroll", "--yes", "--wait")
    assert gone_on.code == 0, gone_on.beside
    assert console("go-on", "payroll").code == 2  # nothing runs any more


def test_a_hold_is_gone_back_from_and_that_is_no_success(console):
    console("publish", "payroll", *STANDARD)
    console("publish", "payroll", "--hold", "10%", "--terminate-sessions", "--yes", "--wait")
    run = console("publication", "payroll", "--json").json[0]["id"]
    assert console("go-back", "payroll", "--yes").code == 0
    ended = console("publication", run, "--wait")
    assert ended.code == 4, ended.beside


def test_a_publication_is_scheduled_moved_and_called_off(console):
    written = console("publish", "payroll", "--at", "23:30", "--time-zone", "UTC", "--yes")
    assert written.code == 0, written.beside
    assert "The publication is scheduled for" in written.out
    (planned,) = console("schedule", "payroll", "--json").json[0]
    assert planned["id"] in console("schedule", "payroll").out
    moved = console("move", planned["id"], "--at", "2027-03-01 22:00", "--json")
    assert moved.json[0]["scheduledFor"].startswith("2027-03-0")
    off = console("cancel", planned["id"])
    assert (off.code, "called off" in off.out) == (0, True)
    assert console("move", planned["id"], "--at", "22:00").code == 1


def wait_for(console, what):
    """Look until the publication waits for that."""
    for _look in range(200):
        if console("publication", "payroll", "--json").json[0]["waitingFor"] == what:
            return
    raise AssertionError(console("publication", "payroll", "--json").json)


def test_all_is_prepared_and_switched_to_when_somebody_says_so(console):
    written = console("publish", "payroll", *STANDARD[:-1], "--switch", "2027-03-01 22:00")
    assert written.code == 0, written.beside
    assert "replaces instances" in written.out
    moved = console("move", "payroll", "--at", "2027-03-02 22:00")
    assert "replaces instances" in moved.out
    wait_for(console, "switch")
    switched = console("go-on", "payroll", "--yes", "--wait")
    assert switched.code == 0, switched.beside
    assert console("move", "payroll", "--at", "2027-03-03 22:00").code == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--deadline", "22:00", "--message", "x"), "--deadline belongs to Keep users connected"),
        (("--model", "request-reconnection"), "Say with --message"),
        (("--model", "request-reconnection", "--message", "in {hours}"), "{hours}"),
        (("--model", "standard", "--no-block"), "--block belongs to Optimized"),
        (("--hold", "0"), "“0” is no number of instances"),
        (("--hold", "100%"), "“100%” is no number of instances and no share"),
        (("--hold", "1", "--bake", "soon"), "“soon” is no length of time"),
        (("--bake", "1h"), "--bake belongs to --hold"),
        (("--at", "2027-03-28 02:30", "--time-zone", "Europe/Berlin"), "does not exist"),
        (("--at", "2027-10-31 02:30", "--time-zone", "Europe/Berlin"), "2027-10-31T02:30+02:00 or"),
        (("--at", "22:00", "--time-zone", "Mars/Olympus"), "no time zone that is known"),
        (("--model", "blue-green"), "blue-green"),
    ],
)
def test_options_that_fit_nothing_are_refused(console, options, said):
    written = console("publish", "payroll", *options, "--yes")
    assert written.code == 2
    assert said in written.beside
    assert console("schedule", "payroll", "--json").json[0] == []


def test_another_version_than_expected_is_refused(console):
    written = console("publish", "payroll", "--version", "7", "--yes")
    assert written.code == 1
    assert "autosky: " in written.beside


INTERRUPTIBLE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
from autosky_desktop.cli import main
sys.exit(main(sys.argv[1:]))
"""
PATIENCE = 60.0


def interrupted(line: str, *arguments: str) -> tuple[int, str]:
    """Interrupt a command once it has said that; return how it ended and what it said then."""
    command = [sys.executable, "-u", "-c", INTERRUPTIBLE, *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        late = threading.Timer(PATIENCE, running.kill)
        late.start()
        assert running.stderr
        assert any(line in said for said in running.stderr)
        running.send_signal(signal.SIGINT)
        rest = running.stderr.read()
        late.cancel()
    return running.returncode, rest


def test_an_interrupt_leaves_the_publication_to_the_control_plane(console):
    console.running.break_cloud(Faults(image_stuck=True))
    command = ("publish", "erp-staging", *STANDARD, *console.reach)
    code, rest = interrupted("Image creation: Running", *command)
    assert code == 130
    assert "The publication goes on without this command." in rest
    assert console("cancel", "erp-staging").code == 0


def test_it_speaks_to_the_control_plane_of_this_computer_and_says_that_it_stays(tmp_path):
    command = ("publish", "erp-staging", "--model", "standard", "--yes")
    stays = "it stays until the publication has ended"
    code, rest = interrupted(stays, *command, "--data", str(tmp_path / "data"))
    assert "the publication pauses" in rest
    assert code == 130


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is POSIX")
def test_on_a_terminal_the_steps_are_drawn_and_a_person_is_asked(console):
    here, there = os.openpty()
    command = [sys.executable, "-m", "autosky_desktop.cli", "publish", "erp-staging"]
    command += ["--model", "standard", "--wait", *console.reach]
    with subprocess.Popen(command, stdin=there, stdout=there, stderr=there) as publishing:
        os.close(there)
        shown = _read_until(here, "Go ahead?")
        os.write(here, b"y\n")
        shown += _read_until(here, "Completed")
        assert publishing.wait(30) == 0
    os.close(here)
    assert "4 sessions are disconnected" in shown
    assert "Image creation" in shown


def _read_until(terminal: int, text: str) -> str:
    shown = ""
    while text not in shown:
        shown += os.read(terminal, 4096).decode(errors="replace")
    return shown
