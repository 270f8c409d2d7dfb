"""`openhouse token-secret NAME`: keeps the secret of an issuer that signs with HS256 where the functions read it."""

from __future__ import annotations

from deployed.cloud import Cloud
from deployed.terminal import CommandFailed, say

SHORTEST = 32  # bytes, as RFC 7518 asks of HS256


def keep_token_secret(cloud: Cloud, name: str, secret: str) -> None:
    """A new secret, or another value of it. Raises CommandFailed, and what boto3 raises."""
    if len(secret.encode()) < SHORTEST:
        raise CommandFailed(f"A secret of HS256 has at least {SHORTEST} bytes: with fewer, tokens can be forged.")
    secrets = cloud.secrets()
    try:
        arn = secrets.create_secret(Name=name, SecretString=secret)["ARN"]
    except secrets.exceptions.ResourceExistsException:
        arn = secrets.put_secret_value(SecretId=name, SecretString=secret)["ARN"]
    say(f'It is kept. In cdk.json: "hs256SecretArn": "{arn}"')
