"""What an operator sees of a deployment and does to it, with AWS credentials: rooms, connections, logs, sessions."""
