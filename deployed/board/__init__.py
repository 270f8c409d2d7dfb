"""What the dashboard shows, as data: the CDK app makes CloudWatch's of it, `openhouse dashboard` draws a local run."""
