"""One run: its session, what it may send, and how it sends it."""
