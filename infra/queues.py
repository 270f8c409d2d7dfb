"""Queues as all of ours are: encrypted, and closed to whoever does not come over TLS."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_sqs as sqs
from constructs import Construct


def encrypted_queue(scope: Construct, id_: str, **options: Any) -> sqs.Queue:
    return sqs.Queue(scope, id_, encryption=sqs.QueueEncryption.SQS_MANAGED, enforce_ssl=True, **options)
