"""The Servers tab: the preparation server, the support servers and the instances."""
