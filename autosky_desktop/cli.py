"""The `autosky` command. It imports nothing until it knows what is wanted: this is also the
window's way in, and every import here would be paid for before the first paint.
"""

import sys
from collections.abc import Sequence


def desktop() -> int:
    """Run the window's own command."""
    return _desktop(sys.argv[1:])


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] not in (["desktop"], ["askpass"], ["openapi"]):
        from autosky_desktop.system import languages

        languages.speak()
    match given:
        case ["desktop", *rest]:
            return _desktop(rest)
        case ["serve", *rest]:
            from autosky_desktop import serve

            return serve.main(rest)
        case ["migrate", *rest]:
            from autosky_desktop import serve

            return serve.migrate(rest)
        case ["environment", *rest]:
            from autosky_desktop.console.environments import main as environments

            return environments(rest)
        case ["provider", "policy", "aws"]:
            from autosky_desktop.server.providers.aws import policy

            sys.stdout.write(policy.document())
            return 0
        case ["openapi"]:
            from autosky_desktop.server.application import document

            sys.stdout.write(document())
            return 0
        case ["askpass", *prompt]:  # ssh's question to a frozen program; not for people
            from autosky_desktop.system.connect import askpass

            return askpass.main(" ".join(prompt))
    from autosky_desktop.console.main import main as console

    return console(given or ["--help"])


def _desktop(arguments: list[str]) -> int:
    import gc

    gc.disable()  # what is imported stays; from here on only Application collects garbage
    from autosky_desktop import app

    return app.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
