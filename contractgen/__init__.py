"""The contract documents (OpenAPI, AsyncAPI, JSON Schema, TypeScript), made of the registry by `make contract`."""
