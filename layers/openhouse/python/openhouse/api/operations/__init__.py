"""Every operation of REST: those of each module's records, and those about people."""
