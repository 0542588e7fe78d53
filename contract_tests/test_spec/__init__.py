"""Is the contract right? Proofs about `openapi/`: the YAML, its ledger, its examples and the source page."""
