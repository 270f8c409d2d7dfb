"""The local run: an AWS emulator, the CDK app deployed into it, a demo brokerage, and a page with the addresses."""

import deployed  # noqa: F401 - which makes the shared package and the client found

PAGE_PORT, EMULATOR_PORT = 8080, 4566  # unless somebody chooses others
