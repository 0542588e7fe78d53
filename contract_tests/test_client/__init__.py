"""Is the client right? Nothing invalid sent, nothing silent, nothing leaked."""
