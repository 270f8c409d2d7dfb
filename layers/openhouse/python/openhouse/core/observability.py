"""Logs are fields: room, seq, connection_id, function_request_id. Never tokens, tickets or bodies."""

from __future__ import annotations

from aws_lambda_powertools import Logger

logger = Logger()  # service name and level come from POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL
