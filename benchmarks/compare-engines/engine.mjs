// Answers SQL from standard input, one statement a line, with rows of numbers separated by "|", and a last line "END milliseconds".
// node engine.mjs clickhouse|duckdb PATH
import { createInterface } from 'node:readline';

const [, , name, path] = process.argv;
const engine = await { clickhouse, duckdb }[name]();

for await (const sql of createInterface({ input: process.stdin })) {
  const start = performance.now();
  const rows = await engine(sql);
  const milliseconds = performance.now() - start;
  process.stdout.write(`${rows}END ${milliseconds.toFixed(3)}\n`);
}

async function clickhouse() {
  const { Session } = await import('chdb');
  const session = new Session(path);
  return (sql) => session.query(sql, 'TSV').toString().replaceAll('\t', '|');
}

async function duckdb() {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(path)).connect();
  return async (sql) => {
    const answer = await connection.runAndReadAll(sql);
    return answer.getRows().map((row) => row.join('|') + '\n').join('');
  };
}
