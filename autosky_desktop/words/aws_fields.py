"""The fields of an environment in AWS, as a person is asked for them."""

from autosky_desktop.words.language import N_

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
TAG = N_("Instances by tag")
TEMPLATE = N_("Launch template")
TEMPLATE_HELP = N_("Needed without an Auto Scaling group: new instances start from it.")
ACCOUNT = N_("Account to sign in with")
ACCOUNT_HELP = N_("Left empty, everybody names their own.")
