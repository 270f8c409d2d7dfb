"""`openhouse restore`: tables that DynamoDB made of a backup become those of a deployment."""
