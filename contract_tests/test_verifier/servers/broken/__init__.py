"""Servers with one fault each, a module for each kind of fault."""
