"""Is the embedded server right? It keeps the contract, breaks on demand alone, and survives every input."""
