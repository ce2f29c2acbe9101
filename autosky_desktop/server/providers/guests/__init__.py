"""The systems on machines: how each is asked who is signed in, and told who may."""
