"""`openhouse explain`: what became of a change, a record or a person, from the tables, the connections and the logs."""
