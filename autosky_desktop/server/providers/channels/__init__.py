"""Ways by which a script gets to the system on a machine, where its cloud has none of its own."""
