"""Is a live system safe with the verifier? Permissions, limits, signals, transport, secrets."""
