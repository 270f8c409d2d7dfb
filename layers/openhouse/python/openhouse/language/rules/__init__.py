"""The embedded engine: patterns of what agents, lenders and escrow officers write. No model, no network."""
