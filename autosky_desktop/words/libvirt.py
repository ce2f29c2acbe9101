"""The words for environments on libvirt: why something was refused, and what can be done."""

from autosky_desktop.words.language import N_

TITLE = N_("libvirt (QEMU/KVM)")
INSTALL = N_("Install libvirt-python: pip install 'autosky-desktop[libvirt]'.")

URI = N_("Connection URI")
URI_HELP = N_("Where libvirt is: on this computer, or through SSH on another one.")
NO_PLACE = N_("The connection URI is not one of libvirt, such as qemu:///system.")
NO_PASSWORD = N_("A connection URI holds no password. Sign in with a key instead.")
NO_PARAMETER = N_("A connection URI with “{name}” is not used.")
PREPARATION = N_("Preparation server")
SUPPORT = N_("Support servers")
BASE = N_("Name for instances")
BASE_HELP = N_(
    "Instances are called by it and a number. Left empty, it is the id of the environment."
)
INSTANCES = N_("Instances")
INSTANCES_HELP = N_(
    "A publication starts what is missing of so many, and removes none. 0: as many as there are."
)
POOL = N_("Storage pool")
POOL_HELP = N_("Where images and instances are kept. Left empty, where the preparation server is.")
ACCOUNT = N_("Account")
ACCOUNT_HELP = N_("Whom to sign in as, unless somebody says otherwise.")
KEEP_FREE = N_("Free space to leave, in GiB")

NO_ANSWER = N_("libvirt did not answer: {why}.")
BUSY = N_("libvirt is busy: {why}.")
REFUSED = N_("libvirt refused it: {why}.")
NOT_PERMITTED = N_("libvirt does not permit it: {why}.")
ASK_FOR_RIGHTS = N_("Add the account that the control plane runs as to the group “libvirt”.")
SIGN_IN_FAILED = N_("libvirt did not accept the sign-in: {why}.")
CHECK_KEY = N_("Check that this account gets there by ssh without being asked for anything.")
NO_MACHINE = N_("The machine is not there any more.")
CHOOSE_AGAIN = N_("Choose another one in the settings of the environment.")
NO_AGENT = N_("The machine runs, but no QEMU guest agent answers in it.")
INSTALL_AGENT = N_(
    "Install qemu-guest-agent in it, and add the channel “org.qemu.guest_agent.0” to its "
    "definition."
)
AGENT_NOT_READY = N_("The machine's guest agent does not answer yet.")
AGENT_REFUSED = N_("The machine's guest agent refused it: {why}.")
ALLOW_EXEC = N_("Allow guest-exec in the configuration of qemu-guest-agent.")
SCRIPT_TOO_LONG = N_("The machine did not finish it in time.")

NO_PREPARATION = N_("The preparation server is not there any more.")
NO_DISK = N_("“{name}” has no disk that is a file in a storage pool.")
ADD_POOL = N_("Define a storage pool for the folder that its disk is in.")
MANY_DISKS = N_("“{name}” has more than one disk, and an image holds one.")
ONE_DISK = N_("Detach the others from it, or put what they hold on the first one.")
NO_SPACE = N_("The storage pool “{pool}” has {free} free, and {needed} are needed.")
FREE_SPACE = N_("Free some space in it, or choose another storage pool.")
NO_IMAGE = N_("There is no such image.")
NO_MODEL = N_("There is no instance model of that name any more.")
IMAGE_ENDED = N_("It was ended elsewhere before it was complete.")
DISK_IN_USE = N_("“{path}” is in use by {users}, and deleting it would destroy them.")
NO_PORT = N_("No port below {limit} is free to lead to a new instance.")
NO_ADDRESS = N_("No address of “{name}” is known.")
OPEN_CONSOLE = N_("Its console can be opened by: virsh --connect {uri} console {name}")
NOT_OURS = N_("“{name}” is no instance of this environment.")

RESTARTS_FOR_EVER = N_("It has started again {n} times, and its guest agent never answered.")
SWITCHED_OFF = N_("It was switched off.")

IMAGE_UNUSED = N_("No instance model was made from it.")
IMAGE_BROKEN = N_("It was never completed.")
MODEL_UNUSED = N_("No instance runs on it, and there are two newer ones.")
VOLUME_UNUSED = N_("No machine uses it.")
INSTANCE_OFF = N_("It is an instance that does not run.")

SUPPORT_MISSING = N_("A support server is not there any more.")
SUPPORT_MISSING_MANY = N_("{n} support servers are not there any more.")
NO_EXEC = N_("The guest agent of “{name}” may not run anything.")
CHECK_READ = N_("{n} machines can be read.")
CHECK_READ_ONE = N_("1 machine can be read.")
CHECK_POWER = N_("The servers can be started and stopped.")
CHECK_READ_ONLY = N_("The connection is for reading alone.")
CHECK_URI = N_("Choose a connection URI that permits changes.")
CHECK_IMAGE = N_("An image takes up to {needed}; {free} are free in “{pool}”.")
CHECK_REPLACE = N_("Instances can be made as linked clones in “{pool}”.")
CHECK_AGENT = N_("The guest agent of “{name}” answers.")
CHECK_AGENT_OFF = N_("“{name}” is off: whether its guest agent answers cannot be told.")
CHECK_ADDRESS = N_("“{name}” is reached at {address}.")
CHECK_ADDRESS_OFF = N_("“{name}” is off: its address is not known yet.")
CHECK_LOADS = N_(
    "The hypervisor counts processor time. Memory is told where a balloon driver gives statistics."
)
CHECK_SHUTDOWN = N_(
    "Scheduled shutdowns happen while this computer is on: libvirt keeps no schedule."
)
CHECK_COST = N_("It is your own hardware. It is told of changes, and asks for nothing meanwhile.")
