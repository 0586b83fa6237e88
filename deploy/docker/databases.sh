#!/bin/bash
# Run once by the PostgreSQL image when it makes its data directory: a login that is no superuser, and a
# database for each service. The password was made on the first start and lies in a volume.
set -euo pipefail
password=$(cat /run/database-secret/password)
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --set=password="$password" <<'SQL'
CREATE ROLE zerocarbon LOGIN CREATEROLE BYPASSRLS PASSWORD :'password';
CREATE DATABASE ingest OWNER zerocarbon;
CREATE DATABASE accounting OWNER zerocarbon;
CREATE DATABASE certificates OWNER zerocarbon;
CREATE DATABASE declaration OWNER zerocarbon;
-- The image gave its superuser the same password; services have it, and none of them may be superuser. What is
-- left is `docker compose exec postgres psql --username=postgres`, over the socket.
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
