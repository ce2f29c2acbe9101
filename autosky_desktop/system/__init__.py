"""The operating system behind small interfaces: folders, settings, clock, processes, logs."""
