"""What texts say, and texts from what records say: tasks over an engine that is a language model or a set of rules.

An engine only points at words; code reads them, so no value is in a proposal that does not stand in the text.
"""
