"""The checks, one module a table of the page; pytest runs them under `secmaster-contract verify`."""
