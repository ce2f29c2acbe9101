"""The rules of passwords, of where a token may be used, and of how guessing is slowed; pure.

The list of common words is our own, of those that stand at the head of every report of stolen
passwords and of their like in Portuguese and Spanish. The rule of the platform lets nobody choose
"password", but it does let them choose "P@ssw0rd1!": so a password is looked up as the word that is
left when its digits and signs are undone.
"""

import ipaddress
import re
import unicodedata
from itertools import combinations

from autosky_desktop.domain.sign_in import PasswordFault

SHORTEST, LONGEST = 8, 32
"""Characters of a password, as the platform has it."""
LEAST_NAME = 4
"""Characters of an e-mail's name from which on a password must not hold it."""

_WORDS = """
abc abcd abcde abcdef abcdefg abcdefgh access account admin administrador administrator amor
asdf asdfgh asdfghjkl autosky brasil cambiame casa changeit changeme cliente contrasena default
demo dragon empresa estrela familia flamengo football futebol gremio guest hello hola iloveyou
internet jesus letmein login master mestre monkey mudar mudarsenha mudeme palmeiras pass passe
passord passwd password passwort princesa princess qazwsx qwer qwert qwerty qwertyui qwertyuiop
root santos secret secreta secreto segredo segura seguro senha senhas server service servidor
shadow sistema skyone summer sunshine superman system temp temporal temporaria test teste
testing trustno user usuario verano verao welcome winter zxcv zxcvbn zxcvbnm
"""
COMMON = frozenset(_WORDS.split())
"""Words that a guesser tries first."""
INSTEAD = str.maketrans("@4301!$57", "aaeoiisst")
"""Letters that people write as digits and signs."""
LETTERS = re.compile("[a-z]+")

FREE_TRIES = 3
LONGEST_WAIT_SECONDS = 900.0

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def normalized(password: str) -> str:
    """Return a password as it is compared: what one keyboard composes and another one does not, is
    the same (NFKC, as RFC 8265 and NIST 800-63B have it).
    """
    return unicodedata.normalize("NFKC", password)


def fault(password: str, email: str) -> PasswordFault | None:
    """Return why a normalized password is not taken, or None for one that is."""
    if len(password) > LONGEST:  # looking for common words in it could take hours
        return PasswordFault.TOO_LONG
    checks = (
        (PasswordFault.TOO_SHORT, len(password) < SHORTEST),
        (PasswordFault.NO_UPPER, not any(map(str.isupper, password))),
        (PasswordFault.NO_LOWER, not any(map(str.islower, password))),
        (PasswordFault.NO_DIGIT, not any(map(str.isdigit, password))),
        (PasswordFault.NO_SPECIAL, all(map(str.isalnum, password))),
        (PasswordFault.COMMON, is_common(password)),
        (PasswordFault.LIKE_EMAIL, _holds_name(password, email)),
    )
    return next((found for found, there in checks if there), None)


def is_common(password: str) -> bool:
    """Return whether nothing but digits and signs was added to a common word, or stands for some of
    its letters.
    """
    bare = unicodedata.normalize("NFD", password.lower())
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    if "".join(LETTERS.findall(bare)) in COMMON:
        return True
    ends = range(len(bare) + 1)
    return any(
        bare[begin:end].translate(INSTEAD) in COMMON
        for begin, end in combinations(ends, 2)
        if not LETTERS.search(bare[:begin] + bare[end:])
    )


def _holds_name(password: str, email: str) -> bool:
    name = normalized(email).partition("@")[0].lower()
    return len(name) >= LEAST_NAME and name in password.lower()


def network(text: str) -> Network | None:
    """Return an address or a network as somebody wrote it; None: it is neither."""
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def is_within(address: str, networks: list[str]) -> bool:
    """Return whether a caller's address is in one of the networks. None means anywhere."""
    if not networks:
        return True
    caller = _address(address)
    if caller is None:
        return False
    return any(found is not None and caller in found for found in map(network, networks))


def place(address: str) -> str:
    """Return the neighbourhood of an address, within which one guesser can move at will."""
    caller = _address(address)
    if caller is None:
        return "elsewhere"
    length = 24 if caller.version == 4 else 64
    return str(ipaddress.ip_network((caller, length), strict=False))


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address; one of IPv4 that came by way of IPv6 is what it is."""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def wait_seconds(tries: int, free: int = FREE_TRIES) -> float:
    """Return how long after so many tries in vain the next one has to wait."""
    over = tries - free
    return 0.0 if over < 0 else min(2.0 ** min(over, 20), LONGEST_WAIT_SECONDS)
