"""From somebody's table to records: how it is read, which column is which field, and what its texts mean. Pure.

All that a cell holds is data: nothing in it is ever run, followed or taken for markup.
"""
