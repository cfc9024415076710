#!/usr/bin/env bash
# Makes the database, and the user whose it is, and who may nothing else of PostgreSQL. Doing it again changes nothing but the password.
set -euo pipefail
secrets=${SECRETS:-/run/secrets}
PGPASSWORD=$(cat "$secrets/postgres")
export PGPASSWORD

# psql quotes the password itself, whatever characters it has; it is read from the file and stands in no list of processes.
psql --host "${1:-db}" --port "${2:-5432}" --username "${3:-postgres}" --dbname postgres --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<SQL
\set password \`cat '$secrets/spoo'\`
SELECT 'CREATE ROLE spoo LOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'spoo') \gexec
SELECT format('ALTER ROLE spoo LOGIN PASSWORD %L', :'password') \gexec
SELECT 'CREATE DATABASE spoo OWNER spoo ENCODING ''UTF8'' TEMPLATE template0' WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'spoo') \gexec
SQL
