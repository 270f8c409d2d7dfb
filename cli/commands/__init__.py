"""A file for each command: its options, its help, and a call of the function that does it.

What that needs is imported when it is called, so that help and mistakes are told at once.
"""
