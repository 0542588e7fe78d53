"""
What the generated modules stand on, the same for every contract.
"""
