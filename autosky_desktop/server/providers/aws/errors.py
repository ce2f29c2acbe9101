"""The errors of AWS and its library, as a provider raises them: each is mapped here and only here.

What is not listed stays unknown. A refusal then keeps AWS's own sentence; another error of the
library, such as an answer that cannot be read, is passed on as it is and ends its own call.
"""

import re

from botocore import exceptions as botocore

from autosky_desktop.server.providers.provider import (
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.words import aws as words
from autosky_desktop.words.language import _

THROTTLED = frozenset(
    [
        "RequestLimitExceeded",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "EC2ThrottledException",
        "SlowDown",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
    ]
)
BUSY = frozenset(
    [
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Unavailable",
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServerException",
        "ScalingActivityInProgress",
        "ResourceContention",
        "RequestTimeout",
        "RequestTimeoutException",
        "IDPCommunicationError",
    ]
)
NOT_PERMITTED = frozenset(
    [
        "UnauthorizedOperation",
        "AccessDenied",
        "AccessDeniedException",
        "NotAuthorized",
        "OptInRequired",
        "PendingVerification",
        "Blocked",
    ]
)
EXPIRED = frozenset(
    ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"]
)
NOT_ACCEPTED = frozenset(
    [
        "AuthFailure",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "IncompleteSignature",
        "MissingAuthenticationToken",
        "InvalidToken",
    ]
)
NO_CAPACITY = frozenset(
    [
        "InsufficientInstanceCapacity",
        "InsufficientHostCapacity",
        "InsufficientCapacity",
        "InsufficientReservedInstanceCapacity",
        "SpotMaxPriceTooLow",
        "Server.InsufficientInstanceCapacity",
        "InsufficientAddressCapacity",
        "InsufficientFreeAddressesInSubnet",
    ]
)
QUOTA = frozenset(
    [
        "InstanceLimitExceeded",
        "VcpuLimitExceeded",
        "MaxSpotInstanceCountExceeded",
        "VolumeLimitExceeded",
        "SnapshotLimitExceeded",
        "ResourceLimitExceeded",
        "ResourceCountExceeded",
        "LimitExceeded",
        "LimitExceededException",
        "PendingSnapshotLimitExceeded",
        "AddressLimitExceeded",
        "ConcurrentSnapshotLimitExceeded",
        "InstanceCreditSpecification.NotSupported",
        "SpotInstanceCountExceeded",
        "TagLimitExceeded",
    ]
)
WRONG_STATE = frozenset(
    [
        "IncorrectInstanceState",
        "IncorrectState",
        "IncorrectStateException",
        "InvalidStateTransition",
    ]
)
PROTECTED = frozenset(["OperationNotPermitted", "UnsupportedOperation"])
NO_AGENT = frozenset({"InvalidInstanceId", "TargetNotConnected"})
CONFLICT = "ConflictException"
_ABSENT = re.compile(r"(NotFound|NotFoundException|DoesNotExist)$|\.Malformed$")
_NOT_YET = ".Unavailable"
"""The end of a code for what is being made, such as an image that is not ready on every side of AWS
when it is said to be available.
"""
_ACTION = re.compile(r"not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9]+)")

_UNREACHABLE = (botocore.HTTPClientError, botocore.ConnectionError)
_WITHOUT_CREDENTIALS = (
    botocore.NoCredentialsError,
    botocore.PartialCredentialsError,
    botocore.CredentialRetrievalError,
    botocore.SSOError,
    botocore.TokenRetrievalError,
    botocore.NoAuthTokenError,
    botocore.RefreshWithMFAUnsupportedError,
    botocore.InvalidConfigError,
    botocore.ConfigParseError,
    botocore.NoRegionError,
)


def provider_error(
    error: Exception, *, action: str, profile: str, signs_in: bool
) -> ProviderError | None:
    """Return what the error of a call means, None if that is not known. `signs_in`: the profile
    gets its credentials by IAM Identity Center, so that a person can sign in anew.
    """
    if isinstance(error, botocore.ClientError):
        return _refusal(error, action, profile, signs_in)
    named = words.profile_name(profile)
    if isinstance(error, botocore.ProfileNotFound):
        detail = _(words.NO_PROFILE).format(profile=named)
        remedy = _(words.CONFIGURE).format(profile=named)
        return ProviderRefused(detail, kind=RefusalKind.CREDENTIALS, remedy=remedy)
    if isinstance(error, _WITHOUT_CREDENTIALS):
        detail = _(words.NO_CREDENTIALS).format(profile=named, why=_sentence(str(error)))
        return _no_credentials(detail, profile, signs_in)
    if isinstance(error, _UNREACHABLE):
        return ProviderBusy(_(words.UNREACHABLE).format(why=_sentence(str(error))))
    return None


def refused_code(error: Exception) -> str:
    """Return the code of an answer that AWS gave as an error, empty if it gave none."""
    if not isinstance(error, botocore.ClientError):
        return ""
    return str(error.response.get("Error", {}).get("Code", ""))


def missing_right(error: Exception, action: str) -> str:
    """Return the right that AWS says is missing, or the one that the call needs."""
    found = _ACTION.search(str(error))
    return found[1] if found else action


def sentence_of(code: str, message: str) -> str:
    """Return why AWS ended a machine, by the code and the text that it gives."""
    if code in NO_CAPACITY:
        return _(words.NO_CAPACITY)
    return _(words.ENDED_AT_ONCE).format(why=_sentence(message or code))


def _refusal(
    error: botocore.ClientError, action: str, profile: str, signs_in: bool
) -> ProviderError:
    code = refused_code(error)
    message = _sentence(str(error.response.get("Error", {}).get("Message") or code))
    named = words.profile_name(profile)
    if code in THROTTLED:
        return ProviderBusy(_(words.THROTTLED))
    if code in BUSY or code.endswith(_NOT_YET) or _failed_inside(error):
        return ProviderBusy(_(words.NOT_NOW).format(why=message))
    if code in EXPIRED:
        return _no_credentials(_(words.EXPIRED).format(profile=named), profile, signs_in)
    if code in NOT_ACCEPTED:
        return _no_credentials(_(words.NOT_ACCEPTED).format(profile=named), profile, signs_in)
    if code in NOT_PERMITTED:
        right = missing_right(error, action)
        remedy = _(words.NO_RIGHT_REMEDY).format(action=right)
        detail = _(words.NO_RIGHT).format(action=right)
        return ProviderRefused(detail, kind=RefusalKind.NOT_PERMITTED, remedy=remedy)
    if code in NO_CAPACITY:
        remedy = _(words.NO_CAPACITY_REMEDY)
        return ProviderRefused(_(words.NO_CAPACITY), kind=RefusalKind.NO_CAPACITY, remedy=remedy)
    if code in QUOTA:
        detail, remedy = _(words.QUOTA).format(why=message), _(words.QUOTA_REMEDY)
        return ProviderRefused(detail, kind=RefusalKind.QUOTA, remedy=remedy)
    if code in NO_AGENT:
        remedy = _(words.NO_AGENT_REMEDY)
        return ProviderRefused(_(words.NO_AGENT), kind=RefusalKind.NO_AGENT, remedy=remedy)
    if code in PROTECTED:
        return ProviderRefused(message, kind=RefusalKind.WRONG_STATE, remedy=_(words.PROTECTED))
    return ProviderRefused(message, kind=_other_kind(code))


def _other_kind(code: str) -> RefusalKind:
    if code == CONFLICT:
        return RefusalKind.IN_USE
    if code in WRONG_STATE:
        return RefusalKind.WRONG_STATE
    return RefusalKind.NOT_FOUND if _ABSENT.search(code) else RefusalKind.UNKNOWN


def _failed_inside(error: botocore.ClientError) -> bool:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return bool(status >= 500)


def _no_credentials(detail: str, profile: str, signs_in: bool) -> ProviderRefused:
    name = profile or "default"
    remedy = (
        _(words.SIGN_IN).format(name=name)
        if signs_in
        else _(words.RENEW).format(profile=words.profile_name(profile))
    )
    return ProviderRefused(detail, kind=RefusalKind.CREDENTIALS, remedy=remedy)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
