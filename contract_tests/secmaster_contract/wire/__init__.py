"""Requests as bytes, connections, and what came back."""
