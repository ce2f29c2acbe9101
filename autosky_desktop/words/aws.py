"""The words about AWS: its refusals, what a person can do, and the fields of an environment."""

from autosky_desktop.words.language import N_, _

THROTTLED = N_("AWS asks for fewer calls at a time.")
NOT_NOW = N_("AWS cannot answer now: {why}")
UNREACHABLE = N_("AWS could not be reached: {why}")

NO_RIGHT = N_("AWS does not permit {action}.")
NO_RIGHT_REMEDY = N_("Allow {action}. “autosky provider policy aws” prints every right needed.")
NO_CAPACITY = N_("AWS has no machine of this type free at the moment.")
NO_CAPACITY_REMEDY = N_(
    "Try again later, or let the launch template use another instance type or zone."
)
QUOTA = N_("A quota of the AWS account is used up: {why}")
QUOTA_REMEDY = N_("Remove what is not needed, or ask AWS for a higher quota.")
EXPIRED = N_("The credentials of {profile} have expired.")
NOT_ACCEPTED = N_("AWS does not accept the credentials of {profile}.")
NO_CREDENTIALS = N_("There are no credentials for {profile}: {why}")
NO_PROFILE = N_("The AWS configuration does not have {profile}.")
SIGN_IN = N_("Run “aws sso login --profile {name}” on the computer of the control plane.")
RENEW = N_("Renew the credentials of {profile} on the computer of the control plane.")
CONFIGURE = N_("Set up {profile} with “aws configure” on the computer of the control plane.")
NO_AGENT = N_("Systems Manager does not know this machine.")
NO_AGENT_REMEDY = N_(
    "Let the SSM agent run on it, with an instance profile that holds AmazonSSMManagedInstanceCore."
)
AGENT_LOST = N_("The SSM agent on this machine does not answer.")
COMMAND_UNFINISHED = N_("The machine did not finish the command in time ({status}).")
PROTECTED = N_("Switch off its protection against this in the AWS console.")

NO_PREPARATION = N_("The preparation server {id} is not in AWS any more.")
CHOOSE_ANOTHER = N_("Choose another one in the settings of the environment.")
NOT_HERE = N_("There is no machine {id} in this environment.")
NO_GROUP = N_("There is no Auto Scaling group {name} in this region.")
CHOOSE_ANOTHER_GROUP = N_("Choose another group in the settings of the environment.")
NO_TEMPLATE = N_("Nothing says from which launch template instances are started.")
NO_TEMPLATE_REMEDY = N_("Name a launch template in the settings of the environment.")
NO_SUCH_MODEL = N_("There is no version {model} of the launch template.")
ENDED_AT_ONCE = N_("AWS ended the machine: {why}")
NO_IMAGE = N_("There is no image {id} any more.")
ODD_IMAGE = N_("AWS calls the image “{state}”.")

LEFT_IMAGE = N_("No version of the launch template is made from this image.")
LEFT_FAILED_IMAGE = N_("The image could not be made.")
LEFT_MODEL = N_("The image of this version does not exist any more.")
LEFT_MACHINE = N_("The machine was started as an instance and is switched off.")

DEFAULT_PROFILE = N_("the default profile")


def profile_name(profile: str) -> str:
    """Return a profile as it stands in a sentence."""
    return _("the profile {name}").format(name=profile) if profile else _(DEFAULT_PROFILE)


TITLE = N_("Amazon Web Services")
INSTALL = N_("Install it with “pip install 'autosky-desktop[aws]'”.")

PROFILE = N_("Profile")
PROFILE_HELP = N_("A profile of the AWS configuration on the computer of the control plane.")
REGION = N_("Region")
REGION_HELP = N_("Left empty, it is the region of the profile.")
ROLE = N_("Role")
ROLE_HINT = N_("arn:aws:iam::123456789012:role/autosky")
ROLE_HELP = N_("A role that the profile may assume, if the machines are in another account.")
PREPARATION = N_("Preparation server")
SUPPORT = N_("Support servers")
SUPPORT_TAG = N_("Support servers by tag")
TAG_HELP = N_("A tag and its value, with an equals sign between them.")
GROUP = N_("Auto Scaling group")
GROUP_HELP = N_("The group whose instances people work on. Without one, they are found by tags.")
INSTANCES = N_("Instances")
INSTANCES_HELP = N_(
    "A publication starts what is missing of so many, and removes none. 0: as many as there are. "
    "With an Auto Scaling group, the group decides."
)
TAG = N_("Instances by tag")
TEMPLATE = N_("Launch template")
TEMPLATE_HELP = N_("Needed without an Auto Scaling group: new instances start from it.")
SHUTDOWN_ROLE = N_("Role for scheduled shutdowns")
SHUTDOWN_ROLE_HINT = N_("arn:aws:iam::123456789012:role/autosky-shutdown")
SHUTDOWN_ROLE_HELP = N_(
    "EventBridge Scheduler assumes it to stop a server although this computer is off. It needs "
    "ec2:StopInstances, and to trust scheduler.amazonaws.com."
)
ACCOUNT = N_("Account to sign in with")
ACCOUNT_HELP = N_("Left empty, everybody names their own.")
