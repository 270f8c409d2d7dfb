"""Openhouse: rooms, commits and fan-out for a real-estate CRM."""
