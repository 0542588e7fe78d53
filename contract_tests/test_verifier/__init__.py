"""Can the verifier be trusted? Servers with one fault each, servers with none, and what is said of them."""
