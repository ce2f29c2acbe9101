"""Whether the person's ssh-agent answers: one that does not would keep ssh waiting without end."""

import asyncio

SECONDS = 5.0
PATIENCE = 20.0
"""The same where keys are all there is to sign in with: it may have to be unlocked."""

LIST_KEYS = bytes([0, 0, 0, 1, 11])
HEAD = 5


async def answers(path: str, seconds: float) -> bool:
    """False only for an agent that takes the question and says nothing: without one, and where
    nobody listens, ssh goes on by itself.
    """
    if not path:
        return True
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_unix_connection(path)
            try:
                writer.write(LIST_KEYS)
                await reader.readexactly(HEAD)
            finally:
                writer.transport.abort()
    except TimeoutError:
        return False
    except (OSError, EOFError):
        return True
    return True
