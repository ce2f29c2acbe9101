"""The reminders of shutdowns and publications, and the answers people can give to them."""
