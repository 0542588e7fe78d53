"""What the project costs beside its peers: `make bench`. Verification under load: `make load`."""
