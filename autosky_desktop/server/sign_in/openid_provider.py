"""Speaks to a provider of identities: reads what it says of itself, and has codes redeemed."""

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.error import HTTPError, URLError
from urllib.parse import quote_plus, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from autosky_desktop.server.sign_in.openid_settings import OpenIdSettings, is_safe

TIMEOUT_SECONDS = 10.0
LARGEST = 1_000_000
"""Bytes of an answer."""
LONGEST_URL = 400
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
"""Only those with a public key: with one of a shared secret, whoever knows it could sign."""
LEEWAY_SECONDS = 60
ISSUED_WITHIN = timedelta(minutes=10)
VERIFIER_BYTES = 48

Claims = Mapping[str, Any]


class OpenIdTrouble(Exception):
    """Raised when a provider is not reached, says no, or says what cannot be believed."""


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nobody: a secret goes to whom it is for."""


_opener = build_opener(_Stay)


def verifier() -> str:
    return secrets.token_urlsafe(VERIFIER_BYTES)


def challenge(made: str) -> str:
    """Return what the verifier is announced by (S256 of RFC 7636)."""
    digest = hashlib.sha256(made.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class OpenIdProvider:
    """One provider, as its own description says where to turn to."""

    def __init__(self, settings: OpenIdSettings) -> None:
        self.settings = settings
        self._described: dict[str, Any] | None = None

    async def address(self, *, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
        """Return where to send the browser, by what the provider says now. Raises OpenIdTrouble."""
        self._described = None
        at = await self._endpoint("authorization_endpoint")
        query = urlencode({
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(self.settings.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        })  # fmt: skip
        return f"{at}{'&' if urlsplit(at).query else '?'}{query}"

    async def claims(
        self, code: str, *, redirect_uri: str, nonce: str, verifier: str, now: datetime
    ) -> Claims:
        """Redeem the code and return who came, checked. Raises OpenIdTrouble."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.settings.client_id,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self.settings.client_secret:
            headers["Authorization"] = f"Basic {self._basic()}"
        answer = await _asked(
            await self._endpoint("token_endpoint"), headers, urlencode(form).encode()
        )
        found = await self._checked(str(answer.get("id_token", "")), nonce, now)
        return await self._completed(found, str(answer.get("access_token", "")))

    async def issues(self, iss: str | None) -> bool:
        """Return whether a browser came back from this provider and no other one (RFC 9207)."""
        described = await self._description()
        if iss is None:
            return not described.get("authorization_response_iss_parameter_supported")
        return iss == self.settings.issuer

    def _basic(self) -> str:
        pair = (self.settings.client_id, self.settings.client_secret)
        return base64.b64encode(":".join(map(quote_plus, pair)).encode()).decode()

    async def _description(self) -> dict[str, Any]:
        if self._described is None:
            at = self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
            described = await _asked(at)
            if described.get("issuer") != self.settings.issuer:
                raise OpenIdTrouble("it says that it is another issuer")
            self._described = described
        return self._described

    async def _endpoint(self, name: str) -> str:
        found = (await self._description()).get(name)
        if not isinstance(found, str) or len(found) > LONGEST_URL or not is_safe(found):
            raise OpenIdTrouble(f"it tells no {name} that is safe to use")
        return found

    async def _checked(self, token: str, nonce: str, now: datetime) -> Claims:
        """Return what an ID token says. Its keys are read anew each time: they change."""
        keys = await _asked(await self._endpoint("jwks_uri"))
        try:
            known = KeySet.import_key_set(cast("KeySetSerialization", keys))
            read = jwt.decode(token, known, algorithms=ALGORITHMS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise OpenIdTrouble(f"its ID token cannot be believed ({error})") from error
        claims: Claims = read.claims
        if fault := _fault(claims, self.settings, nonce, now):
            raise OpenIdTrouble(f"its ID token {fault}")
        return claims

    async def _completed(self, claims: Claims, access: str) -> Claims:
        """Return the claims, with those that only the provider's list of users has."""
        wanted = ("email", "name", self.settings.groups_claim)
        told = await self._description()
        if all(name in claims for name in wanted) or "userinfo_endpoint" not in told:
            return claims
        at = await self._endpoint("userinfo_endpoint")
        more = await _asked(at, {"Authorization": f"Bearer {access}"})
        if more.get("sub") != claims["sub"]:
            raise OpenIdTrouble("it tells of somebody else than who came")
        return {**more, **claims}


def _fault(claims: Claims, settings: OpenIdSettings, nonce: str, now: datetime) -> str:
    """Return what is wrong with the claims of an ID token, or nothing."""
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    at, until, issued = now.timestamp(), _number(claims, "exp"), _number(claims, "iat")
    earliest = at - ISSUED_WITHIN.total_seconds()
    checks = (
        ("is of another issuer", claims.get("iss") != settings.issuer),
        ("is for somebody else", settings.client_id not in several),
        ("is for others too", len(several) > 1 and claims.get("azp") != settings.client_id),
        ("was made for another program", claims.get("azp", settings.client_id)
         != settings.client_id),
        ("belongs to another sign-in", claims.get("nonce") != nonce),
        ("has run out", until is None or until + LEEWAY_SECONDS <= at),
        ("is of another time", issued is None or not earliest <= issued <= at + LEEWAY_SECONDS),
        ("names nobody", not isinstance(claims.get("sub"), str) or not claims["sub"]),
    )  # fmt: skip
    return next((fault for fault, there in checks if there), "")


def _number(claims: Claims, name: str) -> float | None:
    value = claims.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


async def _asked(
    url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> dict[str, Any]:
    """Return an answer that is a JSON object. Raises OpenIdTrouble."""
    if not is_safe(url):
        raise OpenIdTrouble(f"{url} is not encrypted")
    request = Request(url, body, {"Accept": "application/json", **(headers or {})})  # noqa: S310
    try:
        raw = await asyncio.to_thread(_read, request)
        answer = json.loads(raw)
    except HTTPError as error:
        error.close()
        raise OpenIdTrouble(f"it answered {error.code}") from error
    except (URLError, OSError, ValueError, RecursionError) as error:
        raise OpenIdTrouble(f"it was not reached, or not understood ({error})") from error
    if not isinstance(answer, dict):
        raise OpenIdTrouble("it was not understood")
    return answer


def _read(request: Request) -> bytes:
    with _opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
        read: bytes = answer.read(LARGEST + 1)
    if len(read) > LARGEST:
        raise ValueError("too long")
    return read
