"""How files become records: what an import is asked, plans, writes, reports and takes back."""
