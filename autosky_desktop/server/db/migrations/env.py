"""The script that Alembic runs: our tables, on the connection that was handed in.

Alembic looks for it by this name.
"""

from alembic import context

from autosky_desktop.server.db.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column otherwise
)
with context.begin_transaction():
    context.run_migrations()
