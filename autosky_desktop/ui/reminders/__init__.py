"""What is told of shutdowns and publications, and what can be answered to it."""
