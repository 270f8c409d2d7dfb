"""The web app on AWS: its files in a bucket that CloudFront alone may read, and REST below the same origin.

As REST is at `/api/*` of the app's own origin, a browser asks for no permission before a request (no preflight), and
no API has to be told the app's origin.
"""

from __future__ import annotations

from pathlib import Path

from aws_cdk import Aws, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from deployed.web_app import IMMUTABLE, REVALIDATED, security_headers
from infra.app_stack import AppStack
from infra.data_stack import DataStack
from infra.own_domain import OwnDomain

_EDGE = Path(__file__).with_name("edge")
_NO_PART_OF_IT = ["**/*.map", "**/.*", ".*"]  # source maps above all
_HSTS = Duration.days(730)
# Errors that CloudFront would keep for ten seconds, also where it is to keep nothing and most whatever their headers
# say: an outage of a moment would last as long, and whoever tries again would hear of none but the first.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
_ERRORS = (400, 403, 404, 405, 414, 500, 501, 502, 503, 504)


class WebStack(Stack):
    """`built`: the folder of the built app. `domain`: its address, unless that is CloudFront's."""

    def __init__(
        self, scope: Construct, id_: str, *, data: DataStack, app: AppStack, built: Path, domain: OwnDomain | None
    ) -> None:
        super().__init__(scope, id_, description="Openhouse: the web app")
        files = s3.Bucket(
            self,
            "Files",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            removal_policy=RemovalPolicy.RETAIN,  # open pages ask for it; what is in it can be made again
        )
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="Openhouse",
            default_behavior=self._files(
                files, [data.sign_in.url, f"wss://{app.sockets.host}", data.files.url], [data.files.url]
            ),
            additional_behaviors={"/api/*": self._rest(app)},
            error_responses=[
                cloudfront.ErrorResponse(http_status=status, ttl=Duration.seconds(0)) for status in _ERRORS
            ],
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if domain else None,
            domain_names=[domain.name] if domain else None,
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", domain.certificate_arn)
            if domain
            else None,
        )
        host = domain.name if domain else distribution.distribution_domain_name
        self._fill(files, built, distribution, _config(data, f"https://{host}/api"))
        CfnOutput(self, "WebUrl", value=f"https://{host}")
        CfnOutput(self, "WebTarget", value=distribution.distribution_domain_name)  # of the domain's CNAME or alias

    def _files(self, files: s3.Bucket, called: list[str], images: list[str]) -> cloudfront.BehaviorOptions:
        """Whoever may list the bucket is told 404 of what is not there, and not 403."""
        levels = [cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST]
        control = cloudfront.S3OriginAccessControl(self, "Access", origin_access_control_name=_named("files"))
        return cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(
                files, origin_access_control=control, origin_access_levels=levels
            ),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=self._headers(called, images),
            function_associations=[self._at_the_edge("AppPages", "app_pages.js")],
        )

    def _rest(self, app: AppStack) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(app.http.host),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=self._nothing_kept(),
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            response_headers_policy=self._headers_of_rest(),
            function_associations=[self._at_the_edge("ApiPath", "api_path.js")],
        )

    def _nothing_kept(self) -> cloudfront.CachePolicy:
        """As without a cache; but what two people ask of one address are two requests. Of those that are alike and come
        together CloudFront sends one on, and gives its answer to all, unless that says `no-store`: what API Gateway
        says by itself does not. By CloudFront's own policy for this (CachingDisabled) all tokens and queries are alike.
        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
        """
        return cloudfront.CachePolicy(
            self,
            "NothingKept",
            cache_policy_name=_named("rest"),
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(0),
            max_ttl=Duration.seconds(1),  # with 0, CloudFront takes no headers
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Authorization"),
            query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
        )

    def _headers(self, called: list[str], images: list[str]) -> cloudfront.ResponseHeadersPolicy:
        """Those of the local run, and that a browser comes over TLS from now on."""
        headers = security_headers(called, images)
        policy = cloudfront.ResponseHeadersContentSecurityPolicy(
            content_security_policy=headers.pop("Content-Security-Policy"), override=True
        )
        referrer = cloudfront.HeadersReferrerPolicy[headers.pop("Referrer-Policy").upper().replace("-", "_")]
        if headers.pop("X-Content-Type-Options") != "nosniff":
            raise ValueError("CloudFront knows no other X-Content-Type-Options than nosniff")
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            response_headers_policy_name=_named("app"),
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=policy,
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(referrer_policy=referrer, override=True),
                strict_transport_security=_over_tls(),
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=name, value=value, override=True)
                    for name, value in headers.items()
                ]
            ),
        )

    def _headers_of_rest(self) -> cloudfront.ResponseHeadersPolicy:
        """Its answers are data: a browser that is led to one shows and runs nothing."""
        return cloudfront.ResponseHeadersPolicy(
            self,
            "HeadersOfRest",
            response_headers_policy_name=_named("rest"),
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy="default-src 'none'; frame-ancestors 'none'", override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                strict_transport_security=_over_tls(),
            ),
        )

    def _at_the_edge(self, id_: str, file: str) -> cloudfront.FunctionAssociation:
        return cloudfront.FunctionAssociation(
            event_type=cloudfront.FunctionEventType.VIEWER_REQUEST,
            function=cloudfront.Function(
                self,
                id_,
                code=cloudfront.FunctionCode.from_file(file_path=str(_EDGE / file)),
                runtime=cloudfront.FunctionRuntime.JS_2_0,
            ),
        )

    def _fill(
        self, files: s3.Bucket, built: Path, distribution: cloudfront.Distribution, config: dict[str, str]
    ) -> None:
        """Assets first, and none is taken away: pages that are open ask for those of the build before."""
        assets = deployment.BucketDeployment(
            self,
            "Assets",
            destination_bucket=files,
            destination_key_prefix="assets",
            sources=[deployment.Source.asset(str(built / "assets"), exclude=_NO_PART_OF_IT)],
            cache_control=[deployment.CacheControl.from_string(IMMUTABLE)],
            prune=False,
        )
        pages = deployment.BucketDeployment(
            self,
            "Pages",
            destination_bucket=files,
            sources=[
                deployment.Source.asset(str(built), exclude=["assets", "assets/**", *_NO_PART_OF_IT]),
                deployment.Source.json_data("config.json", config),
            ],
            exclude=["assets/*"],  # from what is taken away
            cache_control=[deployment.CacheControl.from_string(REVALIDATED)],
            distribution=distribution,
            distribution_paths=["/*"],
        )
        pages.node.add_dependency(assets)


def _named(what: str) -> str:
    """An account knows such a name once, for all its regions."""
    return f"Openhouse-{Aws.REGION}-{what}"


def _over_tls() -> cloudfront.ResponseHeadersStrictTransportSecurity:
    return cloudfront.ResponseHeadersStrictTransportSecurity(access_control_max_age=_HSTS, override=True)


def _config(data: DataStack, http_url: str) -> dict[str, str]:
    """What `deployed/endpoints.py` reads."""
    return {
        "httpUrl": http_url,
        "ticketUrl": f"{http_url}/realtime/tickets",
        "region": Aws.REGION,
        "userPoolId": data.sign_in.pool.user_pool_id,
        "clientId": data.sign_in.client.user_pool_client_id,
        "cognitoUrl": data.sign_in.url,
    }
