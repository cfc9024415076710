#!/usr/bin/env bash
# Makes the database, and the user that the server has there: it may read, write and update its tables, and nothing else of SQL Server.
# Doing it again changes nothing but the password.
set -euo pipefail
SQLCMDPASSWORD=$(cat /run/secrets/sa)
export SQLCMDPASSWORD
password=$(cat /run/secrets/spoo)

# Variables of sqlcmd are off (-x), so that a password may have their signs, too.
${SQLCMD:-/opt/mssql-tools18/bin/sqlcmd} -C -S "${1:-db}" -U sa -b -x -i /dev/stdin <<SQL
IF DB_ID(N'Spoo') IS NULL CREATE DATABASE [Spoo];
GO
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'Spoo' AND is_read_committed_snapshot_on = 0)
    ALTER DATABASE [Spoo] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE;
GO
IF SUSER_ID(N'spoo') IS NULL CREATE LOGIN [spoo] WITH PASSWORD = N'${password//\'/\'\'}';
ELSE ALTER LOGIN [spoo] WITH PASSWORD = N'${password//\'/\'\'}';
GO
USE [Spoo];
GO
IF USER_ID(N'spoo') IS NULL CREATE USER [spoo] FOR LOGIN [spoo];
ALTER ROLE db_datareader ADD MEMBER [spoo];
ALTER ROLE db_datawriter ADD MEMBER [spoo];
ALTER ROLE db_ddladmin ADD MEMBER [spoo];
GO
SQL
