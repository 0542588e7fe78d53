"""Which generators of other projects make something of the contract, measured on the wire: `make downstream`."""
