"""What is not loaded at the start is there for whoever wants it."""

import subprocess
import sys

LATER = """
import sys
from autosky_desktop.server.process import lazy_imports
lazy_imports.spare()
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
import yaml
print([name for name in ("sqlalchemy.orm", "yaml.reader") if name in sys.modules])
from sqlalchemy.ext.asyncio import AsyncSession, exc
print(AsyncSession(create_async_engine("sqlite+aiosqlite://")).bind.__class__ is AsyncEngine)
print(yaml.safe_load("a: 1"), exc.AsyncMethodRequired.__name__)
with lazy_imports.without_attrs():
    try:
        import attr
    except ImportError:
        print("no attrs")
import attr
with lazy_imports.without_attrs():
    import attr
try:
    yaml.nothing
except AttributeError as cause:
    print(cause)
"""


def test_what_was_put_off_comes_with_its_first_use() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LATER], capture_output=True, text=True, timeout=60, check=True
    )
    none, engine, others, attrs, unknown = ended.stdout.splitlines()
    assert none == "[]"
    assert engine == "True"
    assert others == "{'a': 1} AsyncMethodRequired"
    assert attrs == "no attrs"
    assert unknown == "module 'yaml' has no attribute 'nothing'"


A_START = """
import sys, tempfile
from pathlib import Path
from tests.support.control_plane import running_control_plane
with tempfile.TemporaryDirectory() as folder, running_control_plane(Path(folder)) as running:
    with running.client() as client:
        client.get("environments").raise_for_status()
clouds = ("autosky_desktop.server.providers.aws", "autosky_desktop.server.providers.libvirt")
print([it for it in ("boto3", "botocore", "libvirt", "tomllib", *clouds) if it in sys.modules])
"""


def test_with_the_demo_alone_nothing_of_any_cloud_is_loaded() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", A_START], capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout.splitlines() == ["[]"]
