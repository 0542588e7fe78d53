"""The embedded server: a stand-in for the service that enforces the contract from the YAML."""
