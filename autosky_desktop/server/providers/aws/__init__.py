"""AWS as a provider. boto3 is imported when an environment is opened, found or checked there."""

from autosky_desktop.server.providers.aws.plugin import plugin

__all__ = ["plugin"]
