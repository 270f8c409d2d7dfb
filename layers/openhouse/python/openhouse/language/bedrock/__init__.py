"""The engine that asks a language model at Amazon Bedrock."""
