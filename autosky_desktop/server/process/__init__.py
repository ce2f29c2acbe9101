"""The control plane's process: command line, data folder, log, and who else uses it."""
