"""Letters leave through a real mail server, or it is said why not."""

import asyncio
import contextlib
import socket
import ssl
from email.message import EmailMessage

import pytest

from autosky_desktop.domain.mail import Encryption, MailServer, MailTrouble, host_of
from autosky_desktop.server.mail import smtp
from autosky_desktop.server.mail.mailer import NotSent
from autosky_desktop.server.mail.smtp import SmtpMailer
from tests.support.listening import listening
from tests.support.mail_server import HOST, mail_server, self_signed

ACCOUNT = ("autosky", "s3cret word")


def a_letter(*to: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = "autosky@example.com"
    letter["To"] = ", ".join(to or ("ana@example.com",))
    letter["Subject"] = "ERP: version 42 published"
    letter.set_content("It is.\n")
    return letter


def send(
    port: int, letter: EmailMessage, *, trust=None, account=("", ""), encryption=Encryption.AUTO
) -> dict[str, str]:
    user, password = account
    server = MailServer(
        host=HOST, port=port, sender="x@example.com", account=user, password=password,
        encryption=encryption,
    )  # fmt: skip
    return dict(asyncio.run(SmtpMailer(server, trust).send(letter)))


def failure(port: int, letter: EmailMessage, **more) -> NotSent:
    with pytest.raises(NotSent) as caught:
        send(port, letter, **more)
    return caught.value


def trusting(certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_everybody_gets_it():
    with mail_server() as box:
        assert send(box.port, a_letter("ana@example.com", "rui@example.com")) == {}
    assert [letter["Subject"] for letter in box.letters] == ["ERP: version 42 published"]
    assert box.reached == [["ana@example.com", "rui@example.com"]]


def test_one_who_is_refused_does_not_keep_it_from_the_others():
    with mail_server() as box:
        box.refuses.add("rui@example.com")
        refused = send(box.port, a_letter("ana@example.com", "rui@example.com"))
    assert refused == {"rui@example.com": "550 nobody here"}
    assert box.reached == [["ana@example.com"]]


def test_nobody_there_is_for_good():
    with mail_server() as box:
        box.refuses.add("ana@example.com")
        error = failure(box.port, a_letter())
    assert error.for_good
    assert error.detail == "ana@example.com (550 nobody here)"


@pytest.mark.parametrize(
    ("answer", "for_good"), [("451 busy, later", False), ("554 no spam", True)]
)
def test_what_the_server_says_decides_whether_it_is_tried_again(answer, for_good):
    with mail_server() as box:
        box.answers.append(answer)
        error = failure(box.port, a_letter())
    assert (error.detail, error.for_good) == (answer, for_good)


def test_a_server_that_is_not_there_may_come_back():
    with socket.socket() as free:
        free.bind((HOST, 0))
        error = failure(free.getsockname()[1], a_letter())
    assert (error.for_good, error.trouble) == (False, MailTrouble.UNREACHABLE)


def test_a_server_that_never_comes_to_an_end_keeps_nobody_waiting_for_ever(monkeypatch):
    monkeypatch.setattr(smtp, "LONGEST_SECONDS", 0.3)

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError), contextlib.closing(writer):
            while not writer.is_closing():
                writer.write(b"2")
                await writer.drain()
                await asyncio.sleep(0.01)

    async def story() -> None:
        async with listening(drip) as port:
            server = MailServer(host=HOST, port=port, sender="x@example.com")
            with pytest.raises(NotSent) as caught:
                await SmtpMailer(server).send(a_letter())
        assert (caught.value.for_good, caught.value.trouble) == (False, MailTrouble.UNREACHABLE)

    asyncio.run(story())


def test_a_password_travels_in_tls_alone(tmp_path):
    certificate = self_signed(tmp_path)
    with mail_server(certificate=certificate, account=ACCOUNT) as box:
        send(box.port, a_letter(), trust=trusting(certificate), account=ACCOUNT)
    assert box.encrypted == [True]
    with mail_server() as box:
        error = failure(box.port, a_letter(), account=ACCOUNT)
    assert (error.for_good, error.trouble) == (True, MailTrouble.NO_ENCRYPTION)
    assert "STARTTLS" in error.detail
    assert box.letters == []


def test_a_server_nobody_vouches_for_gets_nothing(tmp_path):
    with mail_server(certificate=self_signed(tmp_path)) as box:
        error = failure(box.port, a_letter())
    assert error.trouble is MailTrouble.CERTIFICATE
    assert "self-signed" in error.detail
    assert box.letters == []


def test_a_wrong_password_is_for_good_and_never_told(tmp_path):
    certificate = self_signed(tmp_path)
    wrong = ("autosky", "wr0ng word")
    with mail_server(certificate=certificate, account=ACCOUNT) as box:
        error = failure(box.port, a_letter(), trust=trusting(certificate), account=wrong)
    assert error.for_good
    assert error.trouble is MailTrouble.SIGN_IN
    assert "wr0ng" not in error.detail
    assert "s3cret" not in repr(MailServer(host="h", sender="s", account="u", password="s3cret"))


def test_without_encryption_no_password_is_sent(tmp_path):
    certificate = self_signed(tmp_path)
    with mail_server(certificate=certificate, account=ACCOUNT) as box:
        error = failure(
            box.port, a_letter(), trust=trusting(certificate), account=ACCOUNT,
            encryption=Encryption.NONE,
        )  # fmt: skip
    assert (error.for_good, error.trouble) == (True, MailTrouble.NO_ENCRYPTION)
    assert box.letters == []


def test_a_server_may_speak_tls_from_its_first_word(tmp_path):
    certificate = self_signed(tmp_path)
    with mail_server(certificate=certificate, at_once=True) as box:
        trust = trusting(certificate)
        assert send(box.port, a_letter(), trust=trust, encryption=Encryption.TLS) == {}
        error = failure(box.port, a_letter(), encryption=Encryption.TLS)
    assert len(box.letters) == 1
    assert error.trouble is MailTrouble.CERTIFICATE


def test_tls_where_there_is_none_is_said_to_be_that():
    with mail_server() as box:
        error = failure(box.port, a_letter(), encryption=Encryption.TLS)
        assert (error.for_good, error.trouble) == (True, MailTrouble.NO_ENCRYPTION)
        error = failure(box.port, a_letter(), encryption=Encryption.STARTTLS)
        assert (error.for_good, error.trouble) == (True, MailTrouble.NO_ENCRYPTION)


def test_a_computer_with_a_name_no_server_takes_sends_all_the_same(monkeypatch):
    monkeypatch.setattr(socket, "getfqdn", lambda: "josé-pc")
    with mail_server() as box:
        assert send(box.port, a_letter()) == {}


@pytest.mark.parametrize("without", [(), ("PLAIN",), ("LOGIN",)])
def test_a_password_may_have_any_letters_however_one_signs_in(tmp_path, without):
    certificate, known = self_signed(tmp_path), ("jürgen", "pässwört €")
    with mail_server(certificate=certificate, account=known, without=without) as box:
        trust = trusting(certificate)
        assert send(box.port, a_letter(), trust=trust, account=known) == {}
        error = failure(box.port, a_letter(), trust=trust, account=("jürgen", "passwort"))
    assert (error.for_good, error.trouble) == (True, MailTrouble.SIGN_IN)


@pytest.mark.parametrize("without", [("PLAIN",), ("LOGIN",)])
def test_one_signs_in_by_whatever_way_the_server_knows(tmp_path, without):
    certificate = self_signed(tmp_path)
    with mail_server(certificate=certificate, account=ACCOUNT, without=without) as box:
        trust = trusting(certificate)
        assert send(box.port, a_letter(), trust=trust, account=ACCOUNT) == {}


def test_a_server_that_knows_no_way_to_sign_in_is_said_to_be_that(tmp_path):
    certificate = self_signed(tmp_path)
    with mail_server(certificate=certificate) as box:
        error = failure(box.port, a_letter(), trust=trusting(certificate), account=ACCOUNT)
    assert (error.for_good, error.trouble) == (True, MailTrouble.SIGN_IN)


@pytest.mark.parametrize("host", [" 127.0.0.1 ", "[127.0.0.1]", "127.0.0.1"])
def test_a_server_is_found_by_its_address_however_it_was_typed(host):
    with mail_server() as box:
        server = MailServer(host=host, port=box.port, sender="x@example.com")
        assert asyncio.run(SmtpMailer(server).send(a_letter())) == {}


def test_a_host_of_any_script_is_looked_up_by_its_ascii_name():
    assert host_of("smtp.bücher.example") == "smtp.xn--bcher-kva.example"
    assert host_of("[::1]") == "::1"
    assert host_of("localhost") == "localhost"
