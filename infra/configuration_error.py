"""What is wrong with a choice of a deployment."""


class ConfigurationError(Exception):
    """A context value that cannot be deployed; the message says what to write instead."""
