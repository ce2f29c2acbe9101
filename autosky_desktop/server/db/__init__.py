"""The database: tables, their migrations, how the file is opened and what its errors mean."""
