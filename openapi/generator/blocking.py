"""
Derives the blocking code of the runtime from the asynchronous one, word by word, as httpcore does.
"""

import re
from typing import Final

SOURCES: Final = {"async_client.py": "sync_client.py", "async_connections.py": "connections.py"}
"""
Each file that is written for asyncio, and the one that is derived from it.
"""

# In this order. A name in small letters with `async_` before it is that of a module.
_WORDS: Final = (
    (r"\basync_client\b", "sync_client"),
    (r"\basync_connections\b", "connections"),
    (r"\bloops\b", "threads"),
    (r"\bAsyncClientBase\b", "SyncClientBase"),
    (r"\bAsyncByteStream\b", "SyncByteStream"),
    (r"\bAsyncTokenSource\b", "AsyncTokenSource"),
    (r"\b(_?)Async(?!TokenSource)(?=[A-Z])", r"\1"),
    (r"\bhandle_async_request\b", "handle_request"),
    (r"\b__a(enter|exit)__\b", r"__\1__"),
    (r"\baclose\b", "close"),
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
)


class NotDerivableError(Exception):
    """
    Something asynchronous is left that the table of words does not know.
    """


def blocking(source: str) -> str:
    """
    The blocking twin of asynchronous code.

    Raises:
        NotDerivableError: Something of it has no twin.
    """
    for pattern, word in _WORDS:
        source = re.sub(pattern, word, source)
    left = re.search(r".*\b(?:async|await|asyncio|a(?:enter|exit|iter|next))\b.*", source)
    if left is not None:
        raise NotDerivableError(f"no blocking twin is known of: {left[0].strip()}")
    return source
