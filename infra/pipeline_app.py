"""The CDK app of the pipeline's roles, apart from the other: what a pipeline deploys are not its own rights."""

import aws_cdk as cdk

from infra.pipeline_stack import PipelineStack, read

app = cdk.App()
trusted, examined, makes_provider = read(app)
PipelineStack(app, "Openhouse-Pipeline", trusted=trusted, examined=examined, makes_provider=makes_provider)
app.synth()
