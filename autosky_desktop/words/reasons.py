"""The words of every reason for which something was not done, in each place where it is told.

A reason is a `Code` of a refusal, or the `Reason` of a step or a publication; several are both.
"""

from collections.abc import Mapping
from typing import NamedTuple

from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.reasons import Reason
from autosky_desktop.words.language import N_

DEFECT = N_("That did not work because of a defect in this program. The log says why.")
INTERNAL = N_("The control plane ran into an error. Its log says why. Try again.")
UNEXPECTED = N_("The control plane ran into an unexpected error.")


class ReasonWords(NamedTuple):
    """The words of one reason: in the `answer` to who has just asked, with what to do; in the
    `record` afterwards; of a `step` that failed; of a publication that came to its `end` before a
    step failed. A place that has no words of its own takes those of another.
    """

    answer: str = ""
    record: str = ""
    step: str = ""
    end: str = ""


def _in_both(sentence: str) -> ReasonWords:
    """Return the words of a reason for which nothing was done that a record could tell of."""
    return ReasonWords(answer=sentence, record=sentence)


REASONS: Mapping[str, ReasonWords] = {
    Code.UNAUTHENTICATED: ReasonWords(
        answer=N_("The control plane does not accept the sign-in."),
        record=N_("The control plane did not accept the sign-in."),
    ),
    Code.FORBIDDEN: ReasonWords(
        answer=N_("That takes the role of {role}. Nothing was changed.{ask}"),
        record=N_("The role that it takes was missing."),
    ),
    Code.LAST_ADMINISTRATOR: ReasonWords(
        answer=N_("Somebody has to remain who is a manager everywhere. Nothing was changed."),
        record=N_("Somebody had to remain who is a manager everywhere."),
    ),
    Code.NOBODY_OF_THAT_NAME: ReasonWords(
        answer=N_("Nobody here has that email address. Nothing was changed."),
        record=N_("Nobody had that email address."),
    ),
    Code.SIGN_IN_REFUSED: _in_both(N_("The email address or the password is wrong.")),
    Code.WRONG_CODE: _in_both(N_("The code is wrong, or was used before. Wait for the next one.")),
    Code.TICKET_OVER: _in_both(
        N_("This sign-in or invitation has run out or was used already. Begin again.")
    ),
    Code.TOO_MANY_TRIES: _in_both(
        N_("There were too many wrong attempts. Wait a while, then try again.")
    ),
    Code.WEAK_PASSWORD: _in_both(
        N_(
            "Choose another password: 8 to 32 characters with capital and small letters, a digit "
            "and a special character. It may not be a common word or hold the name of your email "
            "address."
        )
    ),
    Code.ADDRESS_NOT_ALLOWED: _in_both(
        N_("This API token is not accepted from the address that the request came from.")
    ),
    Code.NOT_LET_IN: _in_both(
        N_("Your company's sign-in knows you, but you have no access here. Ask a manager.")
    ),
    Code.OPENID_FAILED: _in_both(
        N_(
            "Your company's sign-in did not confirm who you are. Try again. The control plane's "
            "log says why."
        )
    ),
    Code.NOT_FOUND: ReasonWords(
        answer=N_("It is no longer there. Nothing was changed."),
        record=N_("It was no longer there."),
    ),
    Code.NOT_ALLOWED_NOW: ReasonWords(
        answer=N_("Its state does not allow that now ({state}). Nothing was changed."),
        record=N_("Its state did not allow that."),
    ),
    Code.PUBLICATION_RUNNING: ReasonWords(
        answer=N_("{by} has been publishing version {version} since {since}. Nothing was changed."),
        record=N_("Another publication was running."),
    ),
    Code.VERSION_MOVED: ReasonWords(
        answer=N_(
            "Another version was published in the meantime. Nothing was changed; look again."
        ),
        record=N_("Another version was published in the meantime."),
    ),
    Code.REASON_TO_WAIT: ReasonWords(
        answer=N_("There is a reason to wait: {reason} Nothing was changed."),
        record=N_("There was a reason to wait."),
        end=N_("There was a reason to wait when its time came. Nothing was changed."),
    ),
    Code.ALLOWANCE_USED: ReasonWords(
        answer=N_(
            "Users cannot be asked to reconnect again before {day}: this month's limit is used up. "
            "Nothing was changed.",
        ),
        record=N_("No request to reconnect was left this month."),
        end=N_(
            "No request to reconnect was left this month when its time came. Nothing was changed.",
        ),
    ),
    Code.ALREADY_STARTED: ReasonWords(
        answer=N_("It started at {since_or_at} and can no longer be moved. Nothing was changed."),
        record=N_("It had already started."),
    ),
    Code.ALREADY_ENDED: ReasonWords(
        answer=N_("It has ended in the meantime. Nothing was changed."),
        record=N_("It had already ended."),
    ),
    Code.TOO_LATE_TO_CANCEL: ReasonWords(
        answer=N_("It is being finalized and can no longer be stopped. It ends in a moment."),
        record=N_("It was already being finalized."),
    ),
    Code.NOTHING_TO_RETRY: ReasonWords(
        answer=N_("There is nothing to try again: none of its steps failed. Nothing was changed."),
        record=N_("None of its steps had failed."),
    ),
    Code.NOT_HELD: ReasonWords(
        answer=N_("It is no longer waiting for anybody. Nothing was changed; look again."),
        record=N_("It was not waiting for anybody."),
    ),
    Code.IMAGE_GONE: ReasonWords(
        answer=N_("The image of that version is gone. Nothing was changed; publish another one."),
        record=N_("The image of that version was gone."),
        step=N_("The image of that version is gone."),
        end=N_(
            "The image of the version to be published again was gone when its time came. "
            "Nothing was changed.",
        ),
    ),
    Code.CHANGED_MEANWHILE: ReasonWords(
        answer=N_("Somebody else changed it in the meantime. Nothing was changed; look again."),
        record=N_("Somebody else had changed it."),
    ),
    Code.SHUTDOWN_MOVED: ReasonWords(
        answer=N_(
            "The shutdown was moved to {at} in the meantime. Nothing was changed; look again."
        ),
        record=N_("It had been moved in the meantime."),
    ),
    Code.SHUTDOWN_LIMIT: ReasonWords(
        answer=N_(
            "At present the control plane allows no shutdown later than {at}. Nothing was changed.",
        ),
        record=N_("No later shutdown was allowed."),
    ),
    Code.PUBLICATION_SCHEDULED: ReasonWords(
        answer=N_("A publication is scheduled for {at}. Nothing was changed; cancel it first."),
        record=N_("A publication was scheduled."),
    ),
    Code.PAUSED: ReasonWords(
        answer=N_("The environment is paused. Nothing was changed; resume it first."),
        record=N_("The environment was paused."),
        step=N_("The environment was paused."),
    ),
    Code.WRONG_SETTINGS: ReasonWords(
        answer=N_("{detail} Nothing was changed."),
        record=N_("The settings could not be used."),
    ),
    Code.ID_TAKEN: ReasonWords(
        answer=N_("{detail} Nothing was changed."), record=N_("Its id could not be used.")
    ),
    Code.MACHINE_TAKEN: ReasonWords(
        answer=N_("{detail} Nothing was changed."),
        record=N_("Another environment had one of its machines."),
    ),
    Code.PROVIDER_REFUSED: ReasonWords(
        answer=N_("The provider refused: {detail} Nothing was changed."),
        record=N_("The provider refused."),
        step=N_("The provider refused."),
    ),
    Code.PROVIDER_BUSY: ReasonWords(
        answer=N_("The provider does not answer now. {detail} Try again in a minute."),
        record=N_("The provider did not answer."),
        step=N_("The provider did not answer, however often it was asked."),
    ),
    Code.STORAGE_FULL: ReasonWords(
        answer=N_("The disk with the data folder is full. Nothing was changed. Free some space."),
        record=N_("The disk was full."),
    ),
    Code.STORAGE_READ_ONLY: ReasonWords(
        answer=N_("The data folder cannot be written. Nothing was changed. Check its permissions."),
        record=N_("The data folder could not be written."),
    ),
    Code.STORAGE_UNAVAILABLE: ReasonWords(
        answer=N_(
            "The control plane cannot use its database just now; another program may hold it. "
            "Try again in a minute.",
        ),
        record=N_("The control plane's storage could not be used."),
    ),
    Code.STORAGE_GONE: ReasonWords(
        answer=N_(
            "The control plane's data folder was moved or deleted while it was running: "
            "nothing can be saved any more. Put it back or quit, and start again.",
        ),
        record=N_("The data folder was moved or deleted."),
    ),
    Code.STORAGE_DAMAGED: ReasonWords(
        answer=N_(
            "The control plane's database is damaged. Quit, move the data folder away and start "
            "again."
        ),
        record=N_("The control plane's database is damaged."),
    ),
    Code.NOT_SCALING: ReasonWords(
        answer=N_("Only a scaling environment can be published."),
        record=N_("It is not a scaling environment."),
    ),
    Code.INVALID_REQUEST: ReasonWords(
        answer=DEFECT, record=N_("It could not be done as requested.")
    ),
    Code.KEY_MISSING: ReasonWords(answer=DEFECT, record=N_("It could not be done as requested.")),
    Code.KEY_REUSED: ReasonWords(answer=DEFECT, record=N_("It could not be done as requested.")),
    Code.INTERNAL: ReasonWords(
        answer=INTERNAL, record=N_("The control plane ran into an unexpected error.")
    ),
    Reason.MISSED: ReasonWords(
        record=N_("It could not be started in time."),
        end=N_(
            "It was missed: the control plane was not running, or its computer was asleep, at "
            "{time} or when its turn came. Nothing was changed."
        ),
    ),
    Reason.SWITCH_MISSED: ReasonWords(
        step=N_(
            "It was not prepared, or the control plane was not running, when the moment to replace "
            "instances came. Nothing was replaced; trying again replaces them at once."
        )
    ),
    Reason.IMAGE_FAILED: ReasonWords(step=N_("The image could not be made.")),
    Reason.REPLACEMENT_FAILED: ReasonWords(step=N_("An instance could not be replaced.")),
    Reason.PREPARATION_MOVING: ReasonWords(
        step=N_("The preparation server was neither running nor stopped.")
    ),
    Reason.NO_PREPARATION_SERVER: ReasonWords(step=N_("There is no preparation server.")),
    Reason.PREPARATION_DOES_NOT_STOP: ReasonWords(step=N_("The preparation server did not stop.")),
    Reason.INSTANCES_FAILED: ReasonWords(
        step=N_("Some instances could not be replaced and stay on the old version.")
    ),
    Reason.START_FAILED: ReasonWords(step=N_("A missing instance could not be started.")),
    Reason.INSTANCES_MISSING: ReasonWords(
        step=N_("Some instances could not be started and are still missing.")
    ),
    Reason.DEADLINE_PASSED: ReasonWords(
        step=N_("It could not start before its deadline passed."),
        end=N_(
            "Its turn came after the deadline by which users were to be asked to reconnect. "
            "Nothing was changed.",
        ),
    ),
    Reason.INTERRUPTED: ReasonWords(step=N_("It was interrupted and could not go on.")),
    Reason.UNEXPECTED: ReasonWords(step=UNEXPECTED),
}


def words_of(reason: str) -> ReasonWords:
    """Return the words of a reason; none for one that this version does not know."""
    return REASONS.get(reason, ReasonWords())
