"""Servers written without the verifier's own code: a correct one, many with one fault, many merely different."""
