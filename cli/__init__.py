"""`openhouse`, the command line: options and help in `commands`, what they call beside it."""

import deployed  # noqa: F401 - which makes the shared package and the client found
