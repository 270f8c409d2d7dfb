"""What whoever runs a deployment sees of it and does to it, with AWS credentials: rooms, connections, logs, sessions."""
