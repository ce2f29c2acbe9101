"""The Credential Manager of Windows, by wincred.h. Imported on Windows only."""

import ctypes
import sys
from ctypes import POINTER, Structure, byref, c_char, c_uint32, c_void_p, c_wchar_p

from autosky_desktop.system.connect.secrets import Secret

GENERIC = 1
SESSION = 1
"""CRED_PERSIST_SESSION: gone when the person signs out, and never on a disk."""
NOT_FOUND = 1168


class FileTime(Structure):
    _fields_ = [("low", c_uint32), ("high", c_uint32)]


class CredentialW(Structure):
    _fields_ = [
        ("flags", c_uint32),
        ("type", c_uint32),
        ("target_name", c_wchar_p),
        ("comment", c_wchar_p),
        ("last_written", FileTime),
        ("blob_size", c_uint32),
        ("blob", POINTER(c_char)),
        ("persist", c_uint32),
        ("attribute_count", c_uint32),
        ("attributes", c_void_p),
        ("target_alias", c_wchar_p),
        ("user_name", c_wchar_p),
    ]


if sys.platform == "win32":

    class WindowsCredentials:
        """The Credential Manager as `mstsc.SystemCredentials` promises it."""

        def __init__(self) -> None:
            self._api = ctypes.WinDLL("advapi32", use_last_error=True)
            self._api.CredReadW.argtypes = [c_wchar_p, c_uint32, c_uint32, POINTER(c_void_p)]
            self._api.CredWriteW.argtypes = [POINTER(CredentialW), c_uint32]
            self._api.CredDeleteW.argtypes = [c_wchar_p, c_uint32, c_uint32]
            self._api.CredFree.argtypes = [c_void_p]
            self._api.CredFree.restype = None

        def account(self, name: str) -> str | None:
            found = c_void_p()
            if not self._api.CredReadW(name, GENERIC, 0, byref(found)):
                return None
            try:
                return ctypes.cast(found, POINTER(CredentialW)).contents.user_name or ""
            finally:
                self._api.CredFree(found)

        def write(self, name: str, account: str, secret: Secret) -> None:
            text = secret.reveal().decode().encode("utf-16-le")
            blob = ctypes.create_string_buffer(text, len(text))
            entry = CredentialW(
                type=GENERIC,
                target_name=name,
                blob_size=len(text),
                blob=ctypes.cast(blob, POINTER(c_char)),
                persist=SESSION,
                user_name=account,
            )
            try:
                if not self._api.CredWriteW(byref(entry), 0):
                    raise ctypes.WinError(ctypes.get_last_error())
            finally:
                ctypes.memset(blob, 0, len(text))

        def delete(self, name: str) -> None:
            if not self._api.CredDeleteW(name, GENERIC, 0):
                code = ctypes.get_last_error()
                if code != NOT_FOUND:
                    raise ctypes.WinError(code)
