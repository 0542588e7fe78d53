"""The machinery of the benchmarks: not their times."""
