"""The parts of AWS beside its machines that moto lacks: sessions, schedules, rights of CloudWatch.

Each patch says in its docstring what AWS documents, as those of aws_patches.py do.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.iam.access_control import IAMRequestBase
from moto.scheduler.models import EventBridgeSchedulerBackend
from moto.ssm.models import SimpleSystemManagerBackend
from moto.ssm.responses import SimpleSystemManagerResponse


def answered(original: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a method that is given the original as its first argument."""

    def take(patch: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def patched(*given: Any, **more: Any) -> Any:
            return patch(original, *given, **more)

        return patched

    return take


def error_of(service: str, code: str, message: str) -> ServiceException:
    """Return an error of a service: moto goes by the module of its class."""
    kind = type("Refused", (ServiceException,), {"__module__": f"moto.{service}.exceptions"})
    return kind(code, message)


def patch_other_services() -> None:
    """Put all of it in place; once, as patch_moto does."""
    _sessions()
    _schedules()
    _rights_of_cloudwatch()


def _sessions() -> None:
    """Begin sessions of Systems Manager: StartSession tells an id, a token and a web socket. With a
    machine whose agent is not connected it is a TargetNotConnected.
    """

    def session(self: Any) -> ActionResult:
        double, machine = SimpleSystemManagerBackend.double, self._get_param("Target")
        if double.agents().get(machine) != "Online":
            raise error_of("ssm", "TargetNotConnected", f"{machine} is not connected.")
        names = ("Target", "DocumentName", "Parameters")
        double.sessions.append({name: self._get_param(name) for name in names})
        number = len(double.sessions)
        return ActionResult(
            {
                "SessionId": f"autosky-{number:017}",
                "TokenValue": f"token-{number}",
                "StreamUrl": f"wss://ssmmessages.{self.region}.amazonaws.com/{number}",
            }
        )

    SimpleSystemManagerResponse.start_session = session


def _schedules() -> None:
    """Refuse a schedule in a group that there is none of, as CreateSchedule documents it
    (ResourceNotFoundException). A request without a body is signed as one: moto takes the words
    after a question mark for it.
    """

    @answered(IAMRequestBase._create_aws_request)
    def signed(original: Any, self: Any) -> Any:
        if self._method == "DELETE" and not self._body:
            self._data = {}
        return original(self)

    @answered(EventBridgeSchedulerBackend.create_schedule)
    def create(original: Any, self: Any, **given: Any) -> Any:
        self.get_schedule_group(given["group_name"])
        return original(self, **given)

    EventBridgeSchedulerBackend.create_schedule = create
    IAMRequestBase._create_aws_request = signed


def _rights_of_cloudwatch() -> None:
    """Call the rights of CloudWatch as IAM does: moto takes the name that its requests are signed
    for.
    """

    @answered(IAMRequestBase.check_action_permitted)
    def check(original: Any, self: Any, *given: Any) -> None:
        self._action = self._action.replace("monitoring:", "cloudwatch:")
        original(self, *given)

    IAMRequestBase.check_action_permitted = check
