"""The console: the commands of `autosky` for whoever works in a terminal, or has a script do it."""
