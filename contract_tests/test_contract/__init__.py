"""What the contract says: tests of the package that reads it, and of edits of the shipped contract."""
