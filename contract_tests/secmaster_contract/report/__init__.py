"""Writes what a run has found: for a terminal, for programs, for CI."""
