"""A small provider of identities (OpenID Connect), for the tests.

No package of Python's suits: those on the index refuse a public client with PKCE, or do not tell
that they know S256. So this one does what the standards ask of it, in one process with the tests:
discovery, authorization code with PKCE (S256 alone), the code for one use, `iss` in the answer
(RFC 9207), ID tokens signed with RS256, keys and userinfo. A test can have it do one thing wrong.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "autosky"
SECRET = "shared: with & signs"


class Provider:
    """A provider at which one person is signed in, who agrees to everything."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.person: dict[str, Any] = {
            "sub": "248289761001",
            "name": "Ana Souza",
            "email": "ana@erp.example",
            "email_verified": True,
            "groups": ["autosky-operators", "staff"],
        }
        self.in_token = frozenset(self.person)
        """Which of these the ID token says; userinfo says all."""
        self.secret = ""
        self.clock = time.time
        self.spoilt: dict[str, Any] = {}
        """Claims of ID tokens that are wrong."""
        self.described: dict[str, Any] = {}
        self.iss: str | None = url
        self.userinfo_of = ""
        self.answers: dict[str, bytes] = {}
        self.algorithm = "RS256"
        """With HS256 the public key is taken for a shared secret, as forgers do."""
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.signs_with: Any = self.key
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._access: set[str] = set()

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            **self.described,
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Return where the browser is sent to."""
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        back = {"code": code, "state": query["state"]} | ({"iss": self.iss} if self.iss else {})
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Return what a code is redeemed for."""
        if self.secret:
            given = base64.b64decode(authorization.removeprefix("Basic ")).decode()
            if given != f"{CLIENT}:{urlencode({'': self.secret})[1:]}":
                return 401, {"error": "invalid_client"}
        begun = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = _encoded(digest)
        same = begun and begun["redirect_uri"] == form.get("redirect_uri")
        if not begun or not same or challenge != begun["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(16)
        self._access.add(access)
        return 200, {
            "token_type": "Bearer",
            "access_token": access,
            "id_token": self._id_token(begun["nonce"]),
        }

    def _id_token(self, nonce: str) -> str:
        now = int(self.clock())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "nonce": nonce,
            "iat": now,
            "exp": now + 300,
            **{name: value for name, value in self.person.items() if name in self.in_token},
            "sub": self.person["sub"],
            **self.spoilt,
        }
        header = {"alg": self.algorithm, "kid": "one"}
        told = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm in {"none", "HS256"}:
            signed = ".".join(_encoded(json.dumps(part).encode()) for part in (header, told))
            forged = hmac.digest(self.key.as_pem(private=False), signed.encode(), "sha256")
            return f"{signed}.{'' if self.algorithm == 'none' else _encoded(forged)}"
        return jwt.encode(header, told, self.signs_with, algorithms=[self.algorithm])

    def userinfo(self, authorization: str) -> tuple[int, dict[str, Any]]:
        if authorization.removeprefix("Bearer ") not in self._access:
            return 401, {"error": "invalid_token"}
        return 200, {**self.person, "sub": self.userinfo_of or self.person["sub"]}


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@contextmanager
def openid_provider() -> Iterator[Provider]:
    """Yield a provider on a port of this computer, until the block is left."""
    listening = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = Provider(f"http://127.0.0.1:{listening.server_port}")
    listening.provider = provider  # type: ignore[attr-defined]
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield provider
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


def browse(url: str) -> dict[str, str]:
    """Do as the person's browser: return what it brings back to the port that waits for it."""
    answer = httpx.get(url)
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        provider.asked.append(parts.path)
        if parts.path in provider.answers:
            self._send(200, provider.answers[parts.path])
        elif parts.path == "/.well-known/openid-configuration":
            self._tell(200, provider.description())
        elif parts.path == "/keys":
            self._tell(200, {"keys": [provider.key.as_dict(private=False)]})
        elif parts.path == "/userinfo":
            self._tell(*provider.userinfo(self.headers.get("Authorization", "")))
        elif parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", provider.authorize(dict(parse_qsl(parts.query))))
            self.end_headers()
        else:
            self._tell(404, {})

    def do_POST(self) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        provider.asked.append(self.path)
        self._tell(*provider.token(form, self.headers.get("Authorization", "")))

    def _tell(self, status: int, answer: dict[str, Any]) -> None:
        self._send(status, json.dumps(answer).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing: a test's output is for what failed."""
