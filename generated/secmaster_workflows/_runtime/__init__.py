# Copied from openapi/generator/runtime/_runtime/__init__.py by `make generate`; do not edit.
"""
What the generated modules stand on, the same for every contract.
"""
