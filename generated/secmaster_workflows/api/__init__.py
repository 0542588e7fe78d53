# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
Plain functions, a module for each operation.
"""
