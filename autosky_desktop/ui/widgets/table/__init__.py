"""The tables of records: rows that change in place, and very long ones."""
