"""PostgreSQL: the embedded launcher, roles, tenancy, sessions and migrations.

`embedded` runs the server, `urls` says how to reach it as which role, `database` gives sessions, `tenancy`
makes row-level security, `migrate` brings a service's tables up to date. Plain PostgreSQL 16 to 18, no
extensions.
"""
