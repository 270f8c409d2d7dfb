"""The findings of cdk-nag that this project accepts, each with its reason. Any other finding fails `cdk synth`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from aws_cdk import Acknowledgment, App, Validations
from cdk_nag import AwsSolutionsChecks


@dataclass(frozen=True)
class Accepted:
    finding: str
    where: str  # the path of a construct; `*` stands for anything
    why: str


ACCEPTED: tuple[Accepted, ...] = (
    Accepted(
        "AwsSolutions-IAM5[Resource::*]",
        "Openhouse-App/*Role/DefaultPolicy/Resource",
        "X-Ray's two Put actions know no resources. tests/infra lists every action, so nothing else can hide here.",
    ),
    Accepted(
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:"
        "<SocketsApi04DF8096>/live/POST/@connections/*]",
        "Openhouse-App/*Role/DefaultPolicy/Resource",
        "The last part is the id of a connection, which API Gateway makes up as a socket opens.",
    ),
    Accepted(
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:"
        "<SocketsApi04DF8096>/live/DELETE/@connections/*]",
        "Openhouse-App/*Role/DefaultPolicy/Resource",
        "The same, for closing a socket.",
    ),
    Accepted(
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/"
        "<SchedulesGroupC7F67308>/*]",
        "Openhouse-App/RemindersRole/DefaultPolicy/Resource",
        "Every schedule of this group, which has no others: each is named for its appointment.",
    ),
    Accepted(
        "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
        "AmazonAPIGatewayPushToCloudWatchLogs]",
        "Openhouse-Data/AccountLogRole/Role/Resource",
        "This role is the account's, not this stack's: every other API of the account and region logs through it.",
    ),
    Accepted(
        "AwsSolutions-APIG4",
        "Openhouse-App/Sockets/Api/$disconnect-Route/Resource",
        "A WebSocket API can only ask an authorizer at $connect, and ours does.",
    ),
    Accepted(
        "AwsSolutions-APIG4",
        "Openhouse-App/Sockets/Api/$default-Route/Resource",
        "A WebSocket API can only ask an authorizer at $connect; every message carries what it answered there.",
    ),
    Accepted(
        "AwsSolutions-APIG1",
        "Openhouse-App/Sockets/LiveStage/Resource",
        "It would be a line for every message, most of which say only that a socket is still there. Connections are "
        "logged by our own function, and `watchSocketMessages` turns it on.",
    ),
    Accepted(
        "AwsSolutions-L1",
        "Openhouse-App/*/Resource",
        "Python 3.13 is what the layers are built for; the next one comes with wheels of every dependency and tests.",
    ),
    Accepted(
        "AwsSolutions-SQS3",
        "Openhouse-App/*Stream/Failures/Resource",
        "It is itself where failed batches go, and only people read it: there is no consumer whose failures to keep.",
    ),
    *(
        Accepted(
            f"AwsSolutions-IAM5[Resource::Openhouse-Data:ExportsOutputFnGetAttFilesBucket7C17EE2EArn267E46EA/{place}/*]",
            f"Openhouse-App/{role}Role/DefaultPolicy/Resource",
            "Objects are named for files, which are as many as there will be. Where they begin says what they are.",
        )
        for role, places in {
            "Files": ("uploads", "files", "imports"),
            "FileEnds": ("files",),
            "TaskStep": ("imports",),
        }.items()
        for place in places
    ),
    Accepted(
        "AwsSolutions-S1",
        "Openhouse-Data/Files/Bucket/Resource",
        "Nobody reaches an object but by an address that a function has signed, which logs for whom.",
    ),
    Accepted(
        "AwsSolutions-SF1",
        "Openhouse-App/Tasks/Machine",
        "Step Functions itself keeps the history of each execution for 90 days, and the function of its steps logs "
        "what went wrong. To log every event costs as much as the executions, and may only be granted on `*`.",
    ),
    Accepted(
        "AwsSolutions-SF2",
        "Openhouse-App/Tasks/Machine",
        "Its function logs each step; between its calls the machine does nothing but ask whether there is more.",
    ),
    Accepted(
        "AwsSolutions-COG2",
        "Openhouse-Data/SignIn/Users/Resource",
        "A second factor (TOTP) is offered, not required: the brokerage decides that for its people.",
    ),
    Accepted(
        "AwsSolutions-COG8",
        "Openhouse-Data/SignIn/Users/Resource",
        "The Plus plan bills every active user for threat detection; a brokerage of known people can turn it on.",
    ),
)

_UPLOADER = "Openhouse-Web/Custom::CDKBucketDeployment*/"
_UPLOADER_WHY = (
    "CDK's own function, which fills the bucket while the stack is deployed and never else; nobody invokes it."
)
ACCEPTED += (
    Accepted("AwsSolutions-L1", f"{_UPLOADER}Resource", f"{_UPLOADER_WHY} Its runtime comes with CDK."),
    *(
        Accepted(f"AwsSolutions-IAM5[{what}]", f"{_UPLOADER}ServiceRole/DefaultPolicy/Resource", _UPLOADER_WHY)
        for what in (
            *(f"Action::s3:{action}*" for action in ("Abort", "DeleteObject", "GetBucket", "GetObject", "List")),
            "Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*",
            "Resource::<Files8E6940B8.Arn>/*",
        )
    ),
    Accepted(
        "AwsSolutions-IAM5[Resource::*]",
        f"{_UPLOADER}ServiceRole/DefaultPolicy/Resource",
        f"{_UPLOADER_WHY} It invalidates what CloudFront keeps, for which CDK names no distribution.",
    ),
    Accepted(
        "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
        f"{_UPLOADER}ServiceRole/Resource",
        f"{_UPLOADER_WHY} Its role is CDK's, too.",
    ),
    Accepted(
        "AwsSolutions-S1",
        "Openhouse-Web/Files/Resource",
        "CloudFront alone reads it, and nothing in it is secret: the app is the same for everybody.",
    ),
    Accepted(
        "AwsSolutions-CFR1", "Openhouse-Web/Distribution/Resource", "Brokers travel: nobody is kept out by country."
    ),
    Accepted(
        "AwsSolutions-CFR2",
        "Openhouse-Web/Distribution/Resource",
        "A firewall bills by rule and request. Files are static, and REST has its authorizer and the stage's limits.",
    ),
    Accepted(
        "AwsSolutions-CFR3",
        "Openhouse-Web/Distribution/Resource",
        "REST is logged by API Gateway; who fetched a static file, and from which address, we do not keep.",
    ),
    Accepted(
        "AwsSolutions-CFR4",
        "Openhouse-Web/Distribution/Resource",
        "The address is CloudFront's own, whose certificate takes TLS 1.0, too. With a domain of one's own: TLS 1.2.",
    ),
)


def check(app: App, accepted: Sequence[Accepted] = ACCEPTED) -> None:
    """Makes synthesis fail on every finding of the rule pack AwsSolutions that is not accepted."""
    for construct in app.node.find_all():
        path = construct.node.path
        here = [each for each in accepted if fnmatchcase(path, each.where)]
        if here:
            Validations.of(construct).acknowledge(*(Acknowledgment(id=each.finding, reason=each.why) for each in here))
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
