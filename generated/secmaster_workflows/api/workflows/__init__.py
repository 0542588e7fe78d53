# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
The operations of one tag.
"""
