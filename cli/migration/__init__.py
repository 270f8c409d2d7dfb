"""`openhouse migrate`: the data of a CRM on PostgreSQL, from CSV dumps of its tables."""
