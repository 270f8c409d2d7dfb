"""`openhouse dashboard`: the charts of the deployed dashboard, drawn of what a local run has logged."""
