"""What dbos looks for of psycopg where there is no PostgreSQL: the names of errors that never come.

The embedded control plane keeps everything in SQLite, and dbos imports its driver of PostgreSQL all
the same. In the frozen program this stands in its place, which spares 10 MB.
"""

from psycopg import errors as errors
from psycopg.errors import OperationalError as OperationalError
