"""The errors of PostgreSQL that dbos tells apart."""


class OperationalError(Exception):
    sqlstate = None


class ConnectionTimeout(OperationalError): ...


class LockNotAvailable(OperationalError): ...


class SerializationFailure(OperationalError): ...
