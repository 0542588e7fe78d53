"""`secmaster-contract draft`: rows for a ledger, and example bodies, for the rules that no row states."""
