"""The web app on AWS: who reads its files, what CloudFront adds to them, and how they get there."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zipfile import ZipFile

import pytest

from deployed.cdk import NODE
from deployed.web_app import IMMUTABLE, REVALIDATED, security_headers
from infra.configuration import Configuration
from infra.configuration_error import ConfigurationError
from infra.own_domain import OwnDomain
from tests.infra.assembly import ROOT, WEB, Assembly, configured
from tests.unit.deployed.examples import ON_AWS

EDGE = ROOT / "infra" / "edge"
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
HEADERS, ACCESS = "AWS::CloudFront::ResponseHeadersPolicy", "AWS::CloudFront::OriginAccessControl"
OWN = {"webDomain": "crm.example.com", "webCertificateArn": CERTIFICATE}


@pytest.fixture(scope="session")
def under_its_own_domain(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Assembly:
    """The stack alone: of the others it only takes names."""
    from aws_cdk import App  # noqa: PLC0415 - see `app_of`

    from infra.app_stack import AppStack  # noqa: PLC0415
    from infra.data_stack import DataStack  # noqa: PLC0415
    from infra.web_stack import WebStack  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("domain")
    pool, client = SimpleNamespace(user_pool_id="pool"), SimpleNamespace(user_pool_client_id="client")
    sign_in = SimpleNamespace(url="https://cognito-idp.eu-west-1.amazonaws.com", pool=pool, client=client)
    data = SimpleNamespace(sign_in=sign_in, files=SimpleNamespace(url="https://files.s3.eu-west-1.amazonaws.com"))
    served = SimpleNamespace(sockets=SimpleNamespace(host="sockets.test"), http=SimpleNamespace(host="http.test"))
    app = App(outdir=str(folder))
    domain = OwnDomain(name=OWN["webDomain"], certificate_arn=CERTIFICATE)
    WebStack(app, WEB, data=cast("DataStack", data), app=cast("AppStack", served), built=built, domain=domain)
    app.synth()
    return Assembly(folder)


def of_type(assembly: Assembly, type_: str) -> list[dict[str, Any]]:
    found = assembly.raw(WEB)["Resources"].values()
    return [resource["Properties"] for resource in found if resource["Type"] == type_]


def text(value: Any) -> str:
    """What CloudFormation joins, with `{...}` for what only it knows."""
    if isinstance(value, str):
        return value
    joined = value.get("Fn::Join")
    return "".join(text(part) for part in joined[1]) if joined else "{" + str(next(iter(value.values()))) + "}"


def settings_of(path: Path) -> dict[str, str]:
    """The `config.json` as it is uploaded, but for what the deployment fills in."""
    settings: dict[str, str] = json.loads(re.sub(r"<<marker:\w+:\d+>>", "0", path.read_text()))
    return settings


def deployments(assembly: Assembly) -> dict[str, dict[str, Any]]:
    """Those of the assets and of the pages."""
    found = of_type(assembly, "Custom::CDKBucketDeployment")
    return {"assets" if "DestinationBucketKeyPrefix" in each else "pages": each for each in found}


def test_nobody_but_the_distribution_reads_the_files(elsewhere: Assembly):
    (bucket,) = of_type(elsewhere, "AWS::S3::Bucket")
    (policy,) = of_type(elsewhere, "AWS::S3::BucketPolicy")
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    allowed = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
    assert [each["Principal"] for each in allowed] == [{"Service": "cloudfront.amazonaws.com"}] * len(allowed)
    assert all("AWS:SourceArn" in each["Condition"]["StringEquals"] for each in allowed)
    assert [each["Action"] for each in allowed] == [["s3:GetObject", "s3:ListBucket"]]


def test_the_app_and_rest_have_one_origin(elsewhere: Assembly):
    (distribution,) = (each["DistributionConfig"] for each in of_type(elsewhere, "AWS::CloudFront::Distribution"))
    (rest,) = distribution["CacheBehaviors"]
    assert rest["PathPattern"] == "/api/*"
    assert rest["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"  # AllViewerExceptHostHeader
    assert {"PUT", "PATCH", "DELETE"} <= {*rest["AllowedMethods"]}
    assert distribution["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    hosts = [text(each["DomainName"]) for each in distribution["Origins"] if "CustomOriginConfig" in each]
    assert len(hosts) == 1
    assert ".execute-api." in hosts[0]


def test_of_rest_nothing_is_kept_and_no_two_people_share_a_request(elsewhere: Assembly):
    (distribution,) = (each["DistributionConfig"] for each in of_type(elsewhere, "AWS::CloudFront::Distribution"))
    (policy,) = (each["CachePolicyConfig"] for each in of_type(elsewhere, "AWS::CloudFront::CachePolicy"))
    (rest,) = distribution["CacheBehaviors"]
    assert rest["CachePolicyId"] != distribution["DefaultCacheBehavior"]["CachePolicyId"]
    assert "Ref" in rest["CachePolicyId"]
    # What says nothing of caching is not kept; and CloudFront takes headers only where something might be.
    assert (policy["MinTTL"], policy["DefaultTTL"], policy["MaxTTL"]) == (0, 0, 1)
    known_by = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert known_by["HeadersConfig"] == {"HeaderBehavior": "whitelist", "Headers": ["Authorization"]}
    assert known_by["QueryStringsConfig"] == {"QueryStringBehavior": "all"}


def test_nobodys_error_is_kept_for_others_and_none_becomes_a_page(elsewhere: Assembly):
    """CloudFront by itself keeps errors for ten seconds."""
    (distribution,) = (each["DistributionConfig"] for each in of_type(elsewhere, "AWS::CloudFront::Distribution"))
    kept = {each.pop("ErrorCode"): each for each in distribution["CustomErrorResponses"]}
    assert {404, 405, 414, 500, 501, 502, 503, 504} <= kept.keys()
    assert all(each == {"ErrorCachingMinTTL": 0} for each in kept.values())


def test_what_an_account_knows_by_name_in_all_regions_has_the_name_of_its_own(elsewhere: Assembly):
    names = [text(each["ResponseHeadersPolicyConfig"]["Name"]) for each in of_type(elsewhere, HEADERS)]
    names += [text(each["OriginAccessControlConfig"]["Name"]) for each in of_type(elsewhere, ACCESS)]
    names += [text(each["Name"]) for each in of_type(elsewhere, "AWS::CloudFront::Function")]
    names += [text(each["CachePolicyConfig"]["Name"]) for each in of_type(elsewhere, "AWS::CloudFront::CachePolicy")]
    assert len(names) == 6
    assert [name for name in names if "{AWS::Region}" not in name] == []


def outputs(assembly: Assembly) -> dict[str, str]:
    return {name: text(output["Value"]) for name, output in assembly.raw(WEB)["Outputs"].items()}


def test_without_a_domain_the_app_has_cloudfronts_address(elsewhere: Assembly):
    (distribution,) = (each["DistributionConfig"] for each in of_type(elsewhere, "AWS::CloudFront::Distribution"))
    assert not {"Aliases", "ViewerCertificate"} & distribution.keys()
    told = outputs(elsewhere)
    assert told["WebUrl"] == f"https://{told['WebTarget']}"
    assert "DomainName" in told["WebTarget"]


def test_a_domain_with_its_certificate_is_the_address_of_app_and_rest(under_its_own_domain: Assembly):
    (distribution,) = (
        each["DistributionConfig"] for each in of_type(under_its_own_domain, "AWS::CloudFront::Distribution")
    )
    assert distribution["Aliases"] == ["crm.example.com"]
    assert distribution["ViewerCertificate"] == {
        "AcmCertificateArn": CERTIFICATE,
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }
    told = outputs(under_its_own_domain)
    assert told["WebUrl"] == "https://crm.example.com"
    assert "DomainName" in told["WebTarget"]
    (config,) = (path for path in under_its_own_domain.folder.rglob("config.json"))
    assert settings_of(config)["httpUrl"] == "https://crm.example.com/api"


def test_files_are_sent_and_fetched_from_the_domain_alone():
    assert Configuration.read(configured(webApp="build/web", **OWN).get).page_origins == ("https://crm.example.com",)
    assert Configuration.read(configured(webApp="build/web").get).page_origins == ("https://*.cloudfront.net",)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"webCertificateArn": ""}, "belong together"),
        ({"webDomain": ""}, "belong together"),
        ({"webDomain": "https://crm.example.com"}, "write a name such as crm.example.com"),
        ({"webDomain": "*.example.com"}, "write a name such as"),
        ({"webCertificateArn": CERTIFICATE.replace("us-east-1", "eu-west-1")}, "in us-east-1, where CloudFront looks"),
    ],
    ids=["no certificate", "no domain", "an address", "a wildcard", "another region"],
)
def test_a_domain_that_cannot_be_served_is_refused(changed: dict[str, str], told: str):
    with pytest.raises(ConfigurationError, match=told):
        Configuration.read(configured(**{**OWN, **changed}).get)


def test_rest_answers_over_tls_with_data_that_no_browser_shows_or_runs(elsewhere: Assembly):
    found = of_type(elsewhere, "AWS::CloudFront::ResponseHeadersPolicy")
    (policy,) = (
        each["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        for each in found
        if "CustomHeadersConfig" not in each["ResponseHeadersPolicyConfig"]
    )
    assert policy["ContentSecurityPolicy"]["ContentSecurityPolicy"] == "default-src 'none'; frame-ancestors 'none'"
    assert policy["ContentTypeOptions"] == {"Override": True}
    assert policy["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 730 * 24 * 3600
    (distribution,) = (each["DistributionConfig"] for each in of_type(elsewhere, "AWS::CloudFront::Distribution"))
    (rest,) = distribution["CacheBehaviors"]
    policies = [rest["ResponseHeadersPolicyId"], distribution["DefaultCacheBehavior"]["ResponseHeadersPolicyId"]]
    assert policies[0] != policies[1]


def test_a_browser_is_told_the_same_as_by_the_local_run(elsewhere: Assembly):
    found = (
        each["ResponseHeadersPolicyConfig"] for each in of_type(elsewhere, "AWS::CloudFront::ResponseHeadersPolicy")
    )
    (policy,) = (each for each in found if "CustomHeadersConfig" in each)
    told = policy["SecurityHeadersConfig"]
    content = text(told["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    files = next(each for each in content.split() if ".s3." in each).removesuffix(";")
    own = security_headers([], [files])
    before, _, after = own["Content-Security-Policy"].partition("connect-src 'self'")
    assert content.startswith(f"{before}connect-src 'self' https://cognito-idp.")
    assert content.endswith(after)
    connected = content.removeprefix(f"{before}connect-src 'self' ").removesuffix(after).split(" ")
    assert [each.partition("://")[0] for each in connected] == ["https", "wss", "https"]
    assert connected[-1] == files
    assert told["ReferrerPolicy"]["ReferrerPolicy"] == own["Referrer-Policy"]
    assert "ContentTypeOptions" in told
    assert told["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 730 * 24 * 3600
    custom = {each["Header"]: each["Value"] for each in policy["CustomHeadersConfig"]["Items"]}
    assert custom == {"Cross-Origin-Opener-Policy": own["Cross-Origin-Opener-Policy"]}


def test_assets_are_kept_for_good_and_pages_are_asked_about_each_time(elsewhere: Assembly):
    found = deployments(elsewhere)
    assert found["assets"]["SystemMetadata"] == {"cache-control": IMMUTABLE}
    assert found["assets"]["Prune"] is False
    assert found["pages"]["SystemMetadata"] == {"cache-control": REVALIDATED}
    assert found["pages"]["Exclude"] == ["assets/*"]
    assert found["pages"]["DistributionPaths"] == ["/*"]


def test_what_is_uploaded_is_the_app_without_source_maps_and_its_settings(elsewhere: Assembly):
    uploaded: dict[str, set[str]] = {}
    for which, each in deployments(elsewhere).items():
        uploaded[which] = set()
        for key in each["SourceObjectKeys"]:
            folder = elsewhere.folder / f"asset.{Path(text(key)).stem}"
            uploaded[which] |= (
                {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
                if folder.is_dir()
                else set(ZipFile(folder.with_suffix(".zip")).namelist())
            )
    assert uploaded == {
        "assets": {"app-1.js", "app-1.css"},
        "pages": {"index.html", "icon.svg", "sw.js", "config.json"},
    }


def test_the_settings_of_the_app_are_those_that_every_client_reads(elsewhere: Assembly):
    (found,) = (path for path in elsewhere.folder.rglob("config.json"))
    assert settings_of(found).keys() == ON_AWS.endpoints.config().keys()


@pytest.mark.parametrize(
    ("file", "asked", "read"),
    [
        ("app_pages.js", "/", "/index.html"),
        ("app_pages.js", "/escrows/0195569a", "/index.html"),
        ("app_pages.js", "/assets/app-1.js", "/assets/app-1.js"),
        ("app_pages.js", "/config.json", "/config.json"),
        ("api_path.js", "/api/escrows/1/history", "/escrows/1/history"),
        ("api_path.js", "/api/", "/"),
    ],
)
def test_an_address_leads_to(file: str, asked: str, read: str):
    program = f"{(EDGE / file).read_text()}\nconsole.log(handler({{request: {{uri: {json.dumps(asked)}}}}}).uri)"
    told = subprocess.run([str(NODE / "node"), "-e", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == read


def test_the_local_target_and_a_deployment_without_it_have_no_web_app(local: Assembly, aws: Assembly):
    for assembly in (local, aws):
        assert WEB not in assembly.manifest["artifacts"]


def test_an_app_that_was_not_built_is_told_before_anything_is_deployed(tmp_path: Path):
    configuration = Configuration.read(configured(webApp=str(tmp_path)).get)
    with pytest.raises(ConfigurationError, match="make web"):
        configuration.web_app()
