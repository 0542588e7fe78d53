"""What the clauses' checks stand on: the contract, the oracle, the vectors, the target and the verdicts."""
