"""The search: drawn requests behind the enumerated ones, within a budget, each judged by the oracle from its bytes."""
