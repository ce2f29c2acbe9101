"""The sidebar: the environments, how each is, and finding one."""
