"""The sentences of `autosky environment`. What programs read, stays as it is: ids, words of states,
and the lines of a TOML file.
"""

from autosky_desktop.words.language import N_, _

ABOUT = N_("Look for machines, and add, change and remove environments.")
URL = N_("the control plane to speak to; else the one of this computer, started if need be")
TOKEN_FILE = N_("the token that it wants, readable by nobody else; else asked for")
DATA = N_("the data folder of this computer's control plane")
PROVIDER = N_("where the machines are, such as libvirt or aws")
MORE = N_("Each provider has options of its own: `autosky environment providers` lists them.")
PROVIDERS = N_("list the providers and their options")
FIND = N_("look at what is there")
CHECK = N_("try line by line what settings are good for")
ADD = N_("add an environment; nothing is made in its cloud")
SHOW = N_("print the settings, as a file for `autosky serve --environments` has them")
EDIT = N_("change what is named, and leave the rest")
REMOVE = N_("remove an environment; what it has in its cloud stays")
LEFTOVERS = N_("list what was made in its cloud and serves nothing there")
PAUSE = N_("ask its provider for nothing any more")
RESUME = N_("read it again")
NAME = N_("what it is called")
LABEL = N_("such as production or staging")
KIND = N_("scaling or micro")
TIME_ZONE = N_("such as Europe/Berlin")
RUN_HOURS = N_("how long the preparation server runs when it is started")
DAILY_STOP = N_("when it stops every day, such as 19:00")
EXTENSION = N_("how many hours ahead a shutdown may be moved")
RECONNECTIONS = N_("how often a month people may be asked to reconnect")
NEEDED = N_("(needed)")
TAKEN_BY = N_("belongs to {environment}")
SEEMS = N_("seems to be --{option}")
NOTHING = N_("Nothing was found.")


def unknown_provider(name: str) -> str:
    return _("There is no provider “{name}”. `autosky environment providers` lists them.").format(
        name=name
    )


def added(name: str, identity: str) -> str:
    return _("{name} was added. Its id is {id}.").format(name=name, id=identity)


def changed(name: str) -> str:
    return _("{name} was changed.").format(name=name)


def removed(identity: str) -> str:
    return _("{id} was removed. Its history stays in the record.").format(id=identity)


def paused(name: str) -> str:
    return _("{name} is paused.").format(name=name)


def resumed(name: str) -> str:
    return _("{name} is read again.").format(name=name)
