"""Logs are fields: room, seq, connection_id, function_request_id. Never tokens, tickets or bodies."""

from __future__ import annotations

from aws_lambda_powertools import Logger

# Service name and level come from POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL. Times as RFC 3339: where Lambda
# filters by level, it takes a line with any other time for one of level INFO.
logger = Logger(use_rfc3339=True)
