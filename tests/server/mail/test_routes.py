"""The mail server is told while the control plane runs, and its password is kept nowhere."""

import pytest
from httpx import Client

from tests.support.control_plane import Running
from tests.support.mail_server import HOST, mail_server
from tests.support.process import Embedded

PASSWORD = "s3cret-word"


@pytest.fixture
def plane(tmp_path):
    with Embedded(tmp_path / "data") as plane:
        yield plane


def server(port: int = 25, **more) -> dict:
    return {"host": HOST, "port": port, "sender": "autosky@erp.example", **more}


def sends_mail(client: Client) -> bool:
    where = "environments/payroll/publications/preview"
    return client.post(where, json={}).json()["sendsMail"]


def test_from_then_on_letters_are_sent_until_there_is_none_again(plane):
    with plane.client() as client:
        assert not sends_mail(client)
        told = client.post("mail-server", json={"server": server()})
        assert (told.status_code, told.json()["sends"]) == (200, True)
        assert sends_mail(client)
        assert client.post("mail-server", json={}).json()["sends"] is False
        assert not sends_mail(client)


def test_trying_one_sends_a_letter_and_sets_nothing(plane):
    with mail_server() as box, plane.client() as client:
        asked = {"server": server(box.port), "to": "ana@erp.example"}
        came = client.post("mail-server/try", json=asked).json()
        assert came == {"sends": False, "trouble": None, "detail": ""}
        assert [letter["Subject"] for letter in box.letters] == ["Autosky Desktop: test email"]
        assert box.reached == [["ana@erp.example"]]
        assert not sends_mail(client)


def test_why_a_letter_does_not_leave_is_told(plane):
    with mail_server() as box, plane.client() as client:
        box.refuses.add("ana@erp.example")
        asked = {"server": server(box.port), "to": "ana@erp.example"}
        came = client.post("mail-server/try", json=asked).json()
        assert (came["trouble"], came["detail"]) == (
            "mail-refused", "ana@erp.example (550 nobody here)",
        )  # fmt: skip
        asked["server"]["account"], asked["server"]["password"] = "ana", PASSWORD
        assert client.post("mail-server/try", json=asked).json()["trouble"] == "mail-no-encryption"


@pytest.mark.parametrize("sender", ["", "ana", "a..b@erp.example", "jürgen@erp.example"])
def test_a_sender_that_is_no_address_is_refused(plane, sender):
    with plane.client() as client:
        refused = client.post("mail-server", json={"server": server() | {"sender": sender}})
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid-request")
        assert not sends_mail(client)


def test_its_password_is_kept_in_no_file(plane, tmp_path):
    with plane.client() as client:
        secret = server(account="ana", password=PASSWORD)
        client.post("mail-server", json={"server": secret})
        client.post("mail-server/try", json={"server": secret | {"port": 1}, "to": "a@b.example"})
        client.post("mail-server", json={"server": secret | {"port": "no number"}})
    plane.leave()
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert files
    assert [file for file in files if PASSWORD.encode() in file.read_bytes()] == []


def test_a_control_plane_of_several_cannot_be_told(running: Running, client: Client):
    for path, body in (
        ("mail-server", {}),
        ("mail-server/try", {"server": server(), "to": "a@b.c"}),
    ):
        refused = client.post(path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "not-allowed-now")
