"""The commands beside the local run; what they share with it lies in `deployed`."""

import deployed  # noqa: F401 - which makes the shared package and the client found
