"""What outlives a deployment, and the stream that comes out of it."""

import json
import re

import pytest

from local.schema import local_indexes
from openhouse.storage.keys import INDEXES
from tests.infra.assembly import APP, DATA, Assembly
from tests.infra.conftest import RESTORED


@pytest.mark.parametrize("name", ["Table", "Records"])
def test_a_table_is_as_the_functions_expect_it(aws: Assembly, name: str):
    table = aws.of_type("AWS::DynamoDB::Table")[name].properties

    assert table["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table.get("StreamSpecification") == {
        "StreamViewType": "NEW_IMAGE" if name == "Table" else "NEW_AND_OLD_IMAGES"
    }
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_only_records_have_local_indexes_and_they_are_those_of_the_tests(aws: Assembly):
    """They can never be added to a table that exists, or taken from it, and they hold its partitions to 10 GB."""
    tables = aws.of_type("AWS::DynamoDB::Table")
    assert "LocalSecondaryIndexes" not in tables["Table"].properties
    table = tables["Records"].properties
    typed = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}

    assert table["LocalSecondaryIndexes"] == local_indexes()
    assert typed == dict.fromkeys(("pk", "sk", *INDEXES), "S")


def test_peoples_data_survives_every_mistake_on_aws(aws: Assembly):
    tables, pool = aws.of_type("AWS::DynamoDB::Table").values(), aws.one("AWS::Cognito::UserPool")

    for resource in (*tables, pool, aws.one("AWS::S3::Bucket")):
        assert resource.definition["DeletionPolicy"] == "Retain"
        assert resource.definition["UpdateReplacePolicy"] == "Retain"
    assert [table.properties["DeletionProtectionEnabled"] for table in tables] == [True, True]
    assert pool.properties["DeletionProtection"] == "ACTIVE"
    assert aws.manifest["artifacts"][DATA]["properties"]["terminationProtection"] is True


def test_the_bucket_of_files_is_encrypted_versioned_and_nobodys_but_who_is_sent_there(aws: Assembly):
    bucket = aws.one("AWS::S3::Bucket").properties

    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert bucket["PublicAccessBlockConfiguration"] == dict.fromkeys(
        ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
    )
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}


def test_nothing_at_rest_is_in_the_clear(aws: Assembly):
    """DynamoDB and CloudWatch encrypt whatever they are told; what says how must not say less."""
    for table in aws.of_type("AWS::DynamoDB::Table").values():
        assert table.properties.get("SSESpecification", {}).get("SSEEnabled", True) is True
    for bucket in aws.of_type("AWS::S3::Bucket").values():
        assert bucket.properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    queues = aws.of_type("AWS::SQS::Queue").values()
    assert queues
    for queue in queues:
        assert queue.properties["SqsManagedSseEnabled"] is True


def test_files_travel_over_tls_alone(aws: Assembly):
    policy = aws.one("AWS::S3::BucketPolicy").properties["PolicyDocument"]
    refused = {json.dumps(each["Condition"], sort_keys=True): each for each in policy["Statement"]}

    assert set(refused) == {
        '{"Bool": {"aws:SecureTransport": "false"}}',
        '{"NumericLessThan": {"s3:TlsVersion": 1.2}}',
    }
    for each in policy["Statement"]:
        assert (each["Effect"], each["Action"], each["Principal"]) == ("Deny", "s3:*", {"AWS": "*"})
        assert each["Resource"] == ["{Files/Bucket.Arn}", "{Files/Bucket.Arn}/*"]


def test_what_nobody_finishes_and_what_was_replaced_goes_by_itself_and_no_file_of_a_record_does(aws: Assembly):
    rules = {each["Id"]: each for each in aws.one("AWS::S3::Bucket").properties["LifecycleConfiguration"]["Rules"]}

    assert rules["uploads-unfinished"]["Prefix"] == "uploads/"
    assert rules["uploads-unfinished"]["ExpirationInDays"] == 1
    assert rules["uploads-unfinished"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    assert (rules["imports"]["Prefix"], rules["imports"]["ExpirationInDays"]) == ("imports/", 30)
    assert rules["old-versions"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert rules["old-versions"]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    expiring = {each.get("Prefix", "") for each in rules.values() if "ExpirationInDays" in each}
    assert not any("files/".startswith(prefix) for prefix in expiring)
    assert all(each["Status"] == "Enabled" for each in rules.values())


def test_pages_of_the_apps_origins_send_and_fetch_files(aws: Assembly, elsewhere: Assembly):
    (rule,) = aws.one("AWS::S3::Bucket").properties["CorsConfiguration"]["CorsRules"]

    assert rule["AllowedOrigins"] == ["https://crm.example.com"]
    assert rule["AllowedMethods"] == ["GET", "HEAD", "POST"]
    (rule,) = elsewhere.one("AWS::S3::Bucket").properties["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == [
        *("https://crm.example.com", "https://staging.example.com:8443"),
        "https://*.cloudfront.net",  # the app's own, which is not known before it is deployed
    ]


def test_no_pages_of_others_do(local: Assembly):
    assert "CorsConfiguration" not in local.one("AWS::S3::Bucket").properties


def test_all_that_is_stateful_is_in_the_data_stack(aws: Assembly):
    stateful = {"AWS::DynamoDB::Table", "AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient", "AWS::S3::Bucket"}
    of_the_account = {"AWS::ApiGateway::Account", "AWS::IAM::Role"}  # its log role
    beside = of_the_account | {"AWS::S3::BucketPolicy"}

    assert {resource["Type"] for resource in aws.raw(DATA)["Resources"].values()} <= stateful | beside
    assert not {resource["Type"] for resource in aws.raw(APP)["Resources"].values()} & stateful


def test_a_local_deployment_can_be_destroyed(local: Assembly):
    tables, pool = local.of_type("AWS::DynamoDB::Table").values(), local.one("AWS::Cognito::UserPool")

    for resource in (*tables, pool):
        assert resource.definition["DeletionPolicy"] == "Delete"
    assert [table.properties["DeletionProtectionEnabled"] for table in tables] == [False, False]
    assert pool.properties["DeletionProtection"] == "INACTIVE"
    assert not local.manifest["artifacts"][DATA]["properties"].get("terminationProtection")


def test_restored_tables_take_the_place_of_the_stacks_own(elsewhere: Assembly):
    names = {"TABLE_NAME": "restored-table", "RECORDS_TABLE_NAME": "restored-records"}
    for function in elsewhere.functions:
        environment = elsewhere.environment(function)
        assert {name: environment[name] for name in names if name in environment}.items() <= names.items()
    mappings = elsewhere.of_type("AWS::Lambda::EventSourceMapping").values()
    read = {each.properties["EventSourceArn"] for each in mappings}
    assert {each for each in read if "/stream/" in each} == {*RESTORED.values()}
    told = elsewhere.outputs(DATA)
    assert (told["TableName"], told["RecordsTableName"]) == ("restored-table", "restored-records")
    imported = re.findall(r'"Fn::ImportValue": "([^"]+)"', json.dumps(elsewhere.raw(APP)))
    assert imported
    assert not [each for each in imported if "Table" in each or "Records" in each]


def test_what_the_app_imports_stays_exported_whatever_a_later_deployment_chooses(aws: Assembly, elsewhere: Assembly):
    """Else CloudFormation would refuse the data stack, which is deployed while the app still imports it."""
    assert _exports(aws) <= _exports(elsewhere)


def _exports(assembly: Assembly) -> set[str]:
    return {each["Export"]["Name"] for each in assembly.raw(DATA)["Outputs"].values() if "Export" in each}


def test_people_need_a_strong_password_and_cannot_add_themselves(aws: Assembly):
    pool = aws.one("AWS::Cognito::UserPool").properties
    policy = pool["Policies"]["PasswordPolicy"]

    assert policy["MinimumLength"] >= 12
    assert all(policy[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}


def test_a_browser_signs_in_with_a_password_and_its_token_lasts_an_hour(aws: Assembly):
    client = aws.one("AWS::Cognito::UserPoolClient").properties

    assert client["ExplicitAuthFlows"] == ["ALLOW_USER_PASSWORD_AUTH"]
    assert client["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}
    assert client["GenerateSecret"] is False
    assert (client["IdTokenValidity"], client["TokenValidityUnits"]["IdToken"]) == (60, "minutes")
    assert client["PreventUserExistenceErrors"] == "ENABLED"
