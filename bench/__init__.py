"""Measured comparisons."""

import local  # noqa: F401 - puts the shared package on the import path
