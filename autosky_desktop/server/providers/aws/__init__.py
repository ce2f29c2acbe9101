"""AWS as a provider. boto3 is imported when an environment is opened, found or checked there."""
