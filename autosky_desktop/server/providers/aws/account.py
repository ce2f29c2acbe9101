"""One way into AWS: a profile, a region and perhaps a role, with the clients of its services.

boto3 waits in threads of its own, of which an account has a few: one that hangs holds up no other.
"""

import asyncio
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import boto3
import botocore.session
from botocore import exceptions as botocore_errors
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from msgspec import Struct

from autosky_desktop.server.providers.aws.errors import provider_error
from autosky_desktop.server.providers.provider import (
    ProviderError,
    ProviderRefused,
    RefusalKind,
)

AT_ONCE = 8
"""How many calls an account has under way at most."""
CONFIG = Config(
    # `adaptive` would slow down every call of the client, and whoever asks waits already
    retries={"mode": "standard", "total_max_attempts": 4},
    connect_timeout=5,
    read_timeout=20,
    max_pool_connections=AT_ONCE,
    user_agent_extra="autosky-desktop",
)
ROLE_SESSION = "autosky-desktop"


class Access(Struct, frozen=True):
    """The names by which an account is entered: the secrets are AWS's own affair."""

    profile: str = ""
    region: str = ""
    role_arn: str = ""


class AwsAccount:
    """The calls to AWS. `sent` counts the requests by service and operation, with each try."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.sent: Counter[str] = Counter()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="aws")
        self._making = threading.Lock()
        self._session: Any = None
        self._clients: dict[str, Any] = {}

    async def call(self, service: str, operation: str, /, **given: Any) -> dict[str, Any]:
        """Return AWS's answer. Raises ProviderBusy, ProviderRefused."""
        answer: dict[str, Any] = await self._in_a_thread(service, operation, given, pages="")
        return answer

    async def pages(self, service: str, operation: str, name: str, /, **given: Any) -> list[Any]:
        """Return the entries of all pages of an answer. Raises as `call` does."""
        found: list[Any] = await self._in_a_thread(service, operation, given, pages=name)
        return found

    async def said(self, service: str, operation: str, /, **given: Any) -> Exception | None:
        """Call AWS to hear what it says against it, and return that; None: nothing. Raises
        ProviderBusy and ProviderRefused for what is no answer of AWS.
        """
        try:
            await self.call(service, operation, **given)
        except ProviderError as error:
            cause = error.__cause__
            if not isinstance(cause, botocore_errors.ClientError):
                raise
            refused: Exception = cause
            return refused
        return None

    async def request_shape(self, service: str, name: str) -> Any:
        """Return a shape of AWS's own description of a service."""
        loop = asyncio.get_running_loop()
        client = await loop.run_in_executor(self._threads, self._client, service)
        return client.meta.service_model.shape_for(name)

    async def place(self, service: str) -> tuple[str, str]:
        """Return the region of the account, and the address of a service there."""
        loop = asyncio.get_running_loop()
        client = await loop.run_in_executor(self._threads, self._client, service)
        return client.meta.region_name, client.meta.endpoint_url

    def signs_in(self) -> bool:
        """Return whether the profile gets its credentials by signing in to Identity Center."""
        profiles = botocore.session.Session().full_config.get("profiles", {})
        found = profiles.get(self.access.profile or "default", {})
        return "sso_session" in found or "sso_start_url" in found

    def close(self) -> None:
        """Let go of all connections."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for client in self._clients.values():
            client.close()

    async def _in_a_thread(
        self, service: str, operation: str, given: dict[str, Any], pages: str
    ) -> Any:
        call = partial(self._call, service, operation, given, pages)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except (botocore_errors.ClientError, botocore_errors.BotoCoreError) as error:
            action = f"{service}:{_camel(operation)}"
            known = provider_error(
                error, action=action, profile=self.access.profile, signs_in=self.signs_in()
            )
            if known is None:
                raise
            if isinstance(known, ProviderRefused) and known.kind is RefusalKind.CREDENTIALS:
                self._sign_on_anew()
            raise known from error

    def _call(self, service: str, operation: str, given: dict[str, Any], pages: str) -> Any:
        client = self._client(service)
        if not pages:
            return getattr(client, operation)(**given)
        found: list[Any] = []
        for page in client.get_paginator(operation).paginate(**given):
            found += page[pages]
        return found

    def _sign_on_anew(self) -> None:
        """Let the next call read the profile anew: botocore keeps the keys that it once read, also
        after somebody has put new ones there.
        """
        with self._making:
            self._session = None
            self._clients.clear()

    def _client(self, service: str) -> Any:
        with self._making:
            if service not in self._clients:
                self._session = self._session or self._sign_on()
                client = self._session.client(service, config=CONFIG)
                client.meta.events.register("before-send", self._count)
                self._clients[service] = client
            return self._clients[service]

    def _sign_on(self) -> Any:
        """Return a session; with a role, one whose credentials are renewed before they expire."""
        access = self.access
        own = botocore.session.Session(profile=access.profile or None)
        if access.region:
            own.set_config_variable("region", access.region)
        if access.role_arn:
            if (source := own.get_credentials()) is None:
                raise botocore_errors.NoCredentialsError
            fetcher = AssumeRoleCredentialFetcher(
                own.create_client,
                source,
                access.role_arn,
                extra_args={"RoleSessionName": ROLE_SESSION},
            )
            assumed = botocore.session.Session(profile=access.profile or None)
            assumed.set_config_variable("region", own.get_config_variable("region"))
            assumed._credentials = DeferredRefreshableCredentials(
                fetcher.fetch_credentials, "assume-role"
            )
            own = assumed
        return boto3.Session(botocore_session=own)

    def _count(self, event_name: str, **_more: Any) -> None:
        service, operation = event_name.split(".")[-2:]
        self.sent[f"{service}:{operation}"] += 1


def _camel(operation: str) -> str:
    return "".join(part.capitalize() for part in operation.split("_"))
