"""The verifier: says clause by clause whether a server keeps the contract in `openapi/secmaster-workflows.yaml`."""
