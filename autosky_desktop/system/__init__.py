"""This computer behind small doors: folders, settings, the clock, processes, logs."""
