"""The clouds, behind one interface: `provider` defines it, every other module here serves it."""
