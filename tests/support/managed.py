"""The part of a control plane that adds environments, made by hand: it answers what it is told to,
and writes down what it is asked for.
"""

import asyncio
from dataclasses import dataclass, field

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.environment_settings import (
    CheckLine,
    CheckResult,
    EnvironmentSettings,
    FieldKind,
    Found,
    FoundGroup,
    FoundMachine,
    ProviderField,
    ProviderInfo,
    ProviderList,
    Values,
)
from tests.support.publishing import NOW

FIELDS = [
    ProviderField(name="uri", label="Connection URI", required=True, default="qemu:///system",
                  hint="qemu+ssh://root@host.example/system"),
    ProviderField(name="key", label="SSH key", kind=FieldKind.FILE.value,
                  hint="~/.ssh/id_ed25519", help="The file is read on this computer."),
    ProviderField(name="guests", label="Guests are asked by", kind=FieldKind.CHOICE.value,
                  default="agent", choices=["agent", "ssh"]),
    ProviderField(name="port", label="SSH port", kind=FieldKind.NUMBER.value, hint="22"),
    ProviderField(name="preparation", label="Preparation server", kind=FieldKind.MACHINE.value,
                  access=False, required=True),
    ProviderField(name="support", label="Support servers", kind=FieldKind.MACHINES.value,
                  access=False),
    ProviderField(name="pool", label="Group of instances", kind=FieldKind.GROUP.value,
                  access=False, help="It is enlarged and emptied when a version is published."),
]  # fmt: skip
PROVIDERS = [
    ProviderInfo(name="aws", title="Amazon Web Services",
                 unusable="boto3 is not installed. Install autosky-desktop[aws]."),
    ProviderInfo(name="libvirt", title="libvirt (KVM on your own servers)", fields=FIELDS),
    ProviderInfo(name="simulated", title="Demo, simulated on this computer"),
]  # fmt: skip
FOUND = Found(
    machines=[
        FoundMachine(id="m-prep", name="PREP-CRM-01", status="running", address="10.30.0.11",
                     system="Windows Server 2022", suggests="preparation"),
        FoundMachine(id="m-db", name="DB-CRM-01", status="running", address="10.30.0.21",
                     system="Debian 12", suggests="support"),
        FoundMachine(id="m-file", name="FILE-CRM-01", status="stopped", system="Debian 12"),
        FoundMachine(id="m-taken", name="DB-ERP-PROD-01", status="running",
                     taken_by="ERP Production"),
    ],
    groups=[FoundGroup(id="g", name="crm-instances", instances=3, suggests="pool")],
)  # fmt: skip
WORKS = [
    CheckLine(capability="read", state="ok", detail="3 machines and 3 instances, in 40 ms."),
    CheckLine(capability="power", state="ok"),
    CheckLine(capability="image", state="ok", detail="120 GB are free in the pool."),
    CheckLine(capability="sessions", state="untold",
              detail="No instance is running that could be asked."),
    CheckLine(capability="cost", state="ok", detail="About 90 requests an hour while idle."),
]  # fmt: skip
FAILS = [
    WORKS[0],
    CheckLine(capability="power", state="failed", detail="The user may only read.",
              remedy="Add the user autosky to the group libvirt on host.example."),
    *WORKS[2:],
]  # fmt: skip
SETTINGS = EnvironmentSettings(
    id="erp-production", name="ERP Production", label="production", provider="libvirt",
    time_zone="Europe/Lisbon", run_hours=4, daily_stop="19:00", monthly_reconnections=4,
    values={"uri": "qemu:///system", "preparation": "m-prep", "support": ["m-db"], "pool": "g"},
)  # fmt: skip


@dataclass
class ManagedPlane:
    """A control plane's calls about environments. `asked` tells in words what it was asked for,
    `saved` what was to be added or changed; `error` is told to whoever asks next, and `waits` holds
    the answer up.
    """

    providers_there: list[ProviderInfo] = field(default_factory=lambda: list(PROVIDERS))
    there: Found = FOUND
    lines: list[CheckLine] = field(default_factory=lambda: list(WORKS))
    before: EnvironmentSettings = SETTINGS
    error: Exception | None = None
    waits: asyncio.Event | None = None
    asked: list[str] = field(default_factory=list)
    saved: list[EnvironmentSettings] = field(default_factory=list)

    async def _answer(self, asked: str) -> None:
        self.asked.append(asked)
        if self.waits:
            await self.waits.wait()
        if self.error:
            raise self.error

    async def providers(self) -> ProviderList:
        await self._answer("providers")
        return ProviderList(providers=self.providers_there)

    async def find(self, provider: str, values: Values) -> Found:
        await self._answer(f"find {provider} {values}")
        return self.there

    async def check(self, settings: EnvironmentSettings) -> CheckResult:
        await self._answer(f"check {settings.name}")
        return CheckResult(lines=self.lines, checked_at=NOW)

    async def settings(self, environment: str) -> EnvironmentSettings:
        await self._answer(f"settings of {environment}")
        return self.before

    async def add(self, settings: EnvironmentSettings, *, key: str) -> Environment:
        await self._answer(f"add {settings.name}")
        return self._save(settings)

    async def change(
        self, environment: str, settings: EnvironmentSettings, *, key: str
    ) -> Environment:
        await self._answer(f"change {environment}")
        return self._save(settings)

    def _save(self, settings: EnvironmentSettings) -> Environment:
        self.saved.append(settings)
        return Environment(
            id=settings.id or "crm", name=settings.name, label=settings.label, kind=settings.kind,
            provider=settings.provider, time_zone=settings.time_zone,
            run_hours=settings.run_hours, revision=1, confirmed_at=NOW,
        )  # fmt: skip

    async def pause(self, environment: str, *, key: str) -> None:
        await self._answer(f"pause {environment}")

    async def resume(self, environment: str, *, key: str) -> None:
        await self._answer(f"resume {environment}")

    async def remove(self, environment: str, *, key: str) -> None:
        await self._answer(f"remove {environment}")
