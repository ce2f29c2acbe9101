"""What can be tried here of the packages for other systems, and of the forge's workflows."""

import os
import plistlib
import re
import subprocess
from pathlib import Path
from typing import Any

import product
import pytest
import yaml
from linux import appimage
from windows import installer

WORKFLOWS = sorted(Path(".github/workflows").glob("*.yml"))
LOGGED_OUT = re.compile(r"\$\{\{\s*(github\.(event|head_ref)[^}]*)\}\}")


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    folder = tmp_path / "frozen"
    (folder / "_internal").mkdir(parents=True)
    for name in ("autosky", "autosky-desktop"):
        for suffix in ("", ".exe"):
            (folder / (name + suffix)).write_text("#!/bin/sh\necho started\n")
            (folder / (name + suffix)).chmod(0o755)
    (folder / "_internal/library").write_text("1")
    return folder


def test_the_installer_of_windows_is_made_and_each_program_signed(
    frozen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = tmp_path / "signed"
    signer = tmp_path / "signer"
    signer.write_text(f'#!/bin/sh\nbasename "$2" >>"{signed}"\n')
    signer.chmod(0o755)
    monkeypatch.setenv("SIGN_COMMAND", f"{signer} /f {{file}}")
    made = installer.make(frozen, tmp_path / "dist")
    assert made.read_bytes()[:2] == b"MZ"
    assert signed.read_text().split() == ["autosky-desktop.exe", "autosky.exe", made.name]
    resource = made.read_bytes().decode("utf-16-le", errors="ignore")
    resource += made.read_bytes()[1:].decode("utf-16-le", errors="ignore")
    assert f"ProductVersion\0{product.VERSION}" in resource.replace("\0\0", "\0")


def test_a_signing_command_without_a_place_for_the_file_signs_nothing() -> None:
    assert installer.signing("sign /k 'a key' {file}", Path("a b.exe")) == [
        "sign",
        "/k",
        "a key",
        "a b.exe",
    ]
    with pytest.raises(SystemExit, match="has no "):
        installer.signing("sign", Path("program.exe"))


def test_the_installer_speaks_three_languages_and_registers_links_for_one_person() -> None:
    script = installer.SCRIPT.read_text("utf-8")
    assert re.findall(r'MUI_LANGUAGE "(\w+)"', script) == ["English", "PortugueseBR", "Spanish"]
    for name in ("RUNNING", "FOREIGN"):
        assert len(re.findall(rf"^LangString {name} ", script, re.MULTILINE)) == 3
    assert "RequestExecutionLevel user" in script
    assert f'!define ID "{product.ID}"' in script
    assert f'!define LINKS "Software\\Classes\\{product.SCHEME}"' in script
    assert not re.search(r"\bHK(LM|CR)\b", script)
    written = set(re.findall(r'WriteReg\w+ HKCU "\$\{(\w+)\}', script))
    removed = set(re.findall(r'DeleteRegKey HKCU "\$\{(\w+)\}', script))
    assert written == removed == {"LINKS", "LISTED"}


def test_an_appimage_is_the_runtime_and_a_folder_that_starts_the_window(
    frozen: Path, tmp_path: Path
) -> None:
    runtime = tmp_path / "runtime"
    runtime.write_bytes(b"\x7fELF runtime")
    made = appimage.make(frozen, tmp_path, runtime)
    content = made.read_bytes()
    assert content.startswith(b"\x7fELF runtimehsqs")
    assert os.access(made, os.X_OK)
    packed = tmp_path / "packed"
    packed.write_bytes(content.removeprefix(b"\x7fELF runtime"))
    tree = tmp_path / "tree"
    subprocess.run(["unsquashfs", "-q", "-n", "-d", tree, packed], check=True)
    said = subprocess.run([tree / "AppRun"], capture_output=True, text=True, check=True).stdout
    assert said == "started\n"
    entry = tree / f"{product.ID}.desktop"
    subprocess.run(["desktop-file-validate", entry.resolve()], check=True)
    assert (tree / ".DirIcon").resolve().read_bytes().startswith(b"\x89PNG")


def test_the_rights_of_the_bundle_are_a_property_list() -> None:
    rights = plistlib.loads(Path("packaging/macos/entitlements.plist").read_bytes())
    assert all(key.startswith("com.apple.security.cs.") for key in rights)
    assert all(value is True for value in rights.values())


@pytest.mark.parametrize(
    "script",
    ["packaging/macos/image.sh", "packaging/linux/install.sh", "packaging/package.sh"],
)
def test_a_shell_script_can_be_read_by_its_shell(script: str) -> None:
    assert subprocess.run(["bash", "-n", script], capture_output=True).stderr == b""
    assert os.access(script, os.X_OK)


def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda it: it.stem)
def test_a_workflow_has_few_rights_and_pins_what_it_uses(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        rights = job.get("permissions", {})
        assert rights == ({"contents": "write"} if name == "draft" else {})
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", it) for it in used)
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        assert not LOGGED_OUT.search(step.get("run", "")), "what others write is no shell"
        assert "secrets." not in step.get("run", "")


def test_no_secret_is_given_to_a_pull_request() -> None:
    for file in WORKFLOWS:
        text = file.read_text("utf-8")
        if "pull_request" in text:
            assert "secrets." not in text


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda it: it.stem)
def test_every_file_that_a_workflow_names_is_there(file: Path) -> None:
    commands = "\n".join(step.get("run", "") for step in steps(yaml.safe_load(file.read_text())))
    named = re.findall(r"\b(?:packaging|tests)[/\\][\w./\\-]+", commands)
    assert named
    assert [it for it in named if not Path(it.replace("\\", "/")).exists()] == []
