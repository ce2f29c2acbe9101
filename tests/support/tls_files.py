"""Certificates made here, each by an authority of its own that only its file makes known."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TlsFiles:
    certificate: Path
    key: Path

    def renew(self, name: str = "127.0.0.1") -> None:
        """Write both anew, as who renews certificates does."""
        for file, content in zip(
            (self.certificate, self.key), made(self.certificate.parent, name), strict=True
        ):
            file.write_bytes(content)
        self.key.chmod(0o600)


def made(folder: Path, name: str) -> tuple[bytes, bytes]:
    certificate, key = folder / "new.pem", folder / "new.key"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext"]
    command += [f"subjectAltName=IP:127.0.0.1,DNS:{name}"]
    command += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate.read_bytes(), key.read_bytes()


def tls_files(folder: Path) -> TlsFiles:
    files = TlsFiles(folder / "served.pem", folder / "served.key")
    files.renew()
    return files
