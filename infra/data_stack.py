"""What must outlive every deployment: tables, files and people. Nothing here is replaced or deleted by a mistake."""

from __future__ import annotations

from itertools import chain

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.access_logs import AccountLogRole
from infra.configuration import Configuration
from infra.file_bucket import FileBucket
from infra.restored_tables import table_arn
from infra.sign_in import SignIn
from openhouse.storage.keys import INDEXES


class DataStack(Stack):
    def __init__(self, scope: Construct, id_: str, *, configuration: Configuration) -> None:
        retained = configuration.retained
        super().__init__(
            scope, id_, description="Openhouse: the tables, the files and the people", termination_protection=retained
        )
        made = self._table("Table", retained=retained, stream=dynamodb.StreamViewType.NEW_IMAGE)
        # The search index tells by both what words a change has brought, and which it has taken.
        both = dynamodb.StreamViewType.NEW_AND_OLD_IMAGES
        made_records = self._table("Records", retained=retained, stream=both)
        # To be changed only with a new table: DynamoDB adds local indexes when it makes one.
        for index, held in INDEXES.items():
            made_records.add_local_secondary_index(
                index_name=index,
                sort_key=dynamodb.Attribute(name=index, type=dynamodb.AttributeType.STRING),
                projection_type=dynamodb.ProjectionType.INCLUDE,
                non_key_attributes=list(held),
            )
        self.table: dynamodb.ITable = made
        self.records: dynamodb.ITable = made_records
        if restored := configuration.restored:
            self.table = self._adopted("RestoredTable", restored.table)
            self.records = self._adopted("RestoredRecords", restored.records)
        if configuration.sets_account_log_role:
            AccountLogRole(self, "AccountLogRole")
        self.sign_in = SignIn(self, "SignIn", retained=retained)
        of_tables = [(each.table_name, each.table_arn, each.table_stream_arn) for each in (made, made_records)]
        of_people = self.sign_in.pool.user_pool_arn, self.sign_in.pool.user_pool_id
        for value in (*chain(*of_tables), *of_people, self.sign_in.client.user_pool_client_id):
            # Also when a deployment chooses to do without: the app's stack still imports it when this one is deployed.
            self.export_value(value)
        self.files = FileBucket(self, "Files", origins=configuration.page_origins, retained=retained)
        for name, value in {
            "FilesBucket": self.files.bucket.bucket_name,
            "FilesUrl": self.files.url,
            "TableName": self.table.table_name,
            "RecordsTableName": self.records.table_name,
            "UserPoolId": self.sign_in.pool.user_pool_id,
            "ClientId": self.sign_in.client.user_pool_client_id,
        }.items():
            CfnOutput(self, name, value=value)

    def _adopted(self, id_: str, stream_arn: str) -> dynamodb.ITable:
        """A table that DynamoDB made of a backup, and `openhouse restore prepare` like those of this stack."""
        return dynamodb.Table.from_table_attributes(
            self, id_, table_arn=table_arn(stream_arn), table_stream_arn=stream_arn
        )

    def _table(self, id_: str, *, retained: bool, stream: dynamodb.StreamViewType | None = None) -> dynamodb.Table:
        return dynamodb.Table(
            self,
            id_,
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            stream=stream,
            time_to_live_attribute="ttl",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=retained,
            removal_policy=RemovalPolicy.RETAIN if retained else RemovalPolicy.DESTROY,
        )
