"""Outputs of the stacks, and what they mean on AWS and in the emulator."""

from deployed.endpoints import Deployment

OUTPUTS = {
    "FilesBucket": "files",
    "FilesUrl": "https://files.s3.us-east-1.amazonaws.com",
    "TableName": "table",
    "RecordsTableName": "records",
    "UserPoolId": "us-east-1_pool",
    "ClientId": "client",
    "Region": "us-east-1",
    "HttpApiId": "http1",
    "HttpUrl": "https://http1.execute-api.us-east-1.amazonaws.com",
    "WebSocketApiId": "ws1",
    "WebSocketUrl": "wss://ws1.execute-api.us-east-1.amazonaws.com/live",
    "WebSocketStage": "live",
    "ShardsUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/shards.fifo",
    "FailedBatchesUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/failed-batches",
    "FailedShardsUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/failed-shards.fifo",
    "BrokerageShards": "16",
    "CognitoUrl": "https://cognito-idp.us-east-1.amazonaws.com",
}
ON_AWS = Deployment.from_outputs(OUTPUTS)
EMULATED = Deployment.from_outputs(OUTPUTS, "http://127.0.0.1:4566")
