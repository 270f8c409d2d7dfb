"""The bucket of files: browsers send content to it and fetch it from it, by addresses that a function has signed.

No cookie opens it and no address in it is guessed, so its CORS rule keeps pages of others from using what they got hold
of, and is no lock.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from openhouse.crm.uploads import KEPT_IMPORTED, KEPT_UNFINISHED
from openhouse.storage.object_keys import IMPORTS, UPLOADS

KEPT_OLD = Duration.days(30)  # versions that were replaced or deleted: by a mistake, as nothing else does either


class FileBucket(Construct):
    """`origins`: of the pages that may call it; `https://*.example.com` is understood."""

    def __init__(self, scope: Construct, id_: str, *, origins: Sequence[str], retained: bool) -> None:
        super().__init__(scope, id_)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            lifecycle_rules=[
                _ends("uploads-unfinished", UPLOADS, KEPT_UNFINISHED.days, old=Duration.days(1)),
                _ends("imports", IMPORTS, KEPT_IMPORTED.days, old=Duration.days(1)),
                s3.LifecycleRule(
                    id="old-versions",
                    noncurrent_version_expiration=KEPT_OLD,
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                    expired_object_delete_marker=True,
                ),
            ],
            cors=[
                s3.CorsRule(
                    allowed_origins=[*origins],
                    allowed_methods=[s3.HttpMethods.GET, s3.HttpMethods.HEAD, s3.HttpMethods.POST],
                    allowed_headers=["*"],
                    max_age=Duration.hours(1).to_seconds(),
                )
            ]
            if origins
            else None,
            removal_policy=RemovalPolicy.RETAIN if retained else RemovalPolicy.DESTROY,
        )

    @property
    def url(self) -> str:
        """The origin of all addresses in it."""
        return f"https://{self.bucket.bucket_name}.s3.{Aws.REGION}.{Aws.URL_SUFFIX}"


def _ends(id_: str, prefix: str, days: int, *, old: Duration) -> s3.LifecycleRule:
    return s3.LifecycleRule(id=id_, prefix=prefix, expiration=Duration.days(days), noncurrent_version_expiration=old)
