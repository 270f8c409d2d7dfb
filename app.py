"""The CDK app. Its context, in cdk.json, is what a deployment chooses: `cdk deploy --all -c target=aws`."""

import signal
import sys
from pathlib import Path

import aws_cdk as cdk

# The functions' environments are made by the settings classes that read them.
sys.path.insert(0, str(Path(__file__).resolve().parent / "layers" / "openhouse" / "python"))

from infra.accepted_findings import check
from infra.app_stack import AppStack
from infra.configuration import Configuration
from infra.data_stack import DataStack

signal.signal(signal.SIGINT, signal.SIG_DFL)  # the CLI that runs this tells what Ctrl-C has ended
app = cdk.App()
configuration = Configuration.read(app.node.try_get_context)
data = DataStack(app, "Openhouse-Data", configuration=configuration)
served = AppStack(app, "Openhouse-App", configuration=configuration, data=data)
if configuration.serves_web_app:
    from infra.web_stack import WebStack  # of CloudFront, whose library takes a second to read

    built, domain = configuration.web_app(), configuration.domain
    WebStack(app, "Openhouse-Web", data=data, app=served, built=built, domain=domain)
check(app)
app.synth()
