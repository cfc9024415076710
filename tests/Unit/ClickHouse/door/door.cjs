// ClickHouse's engine in this process, behind as much of its HTTP interface as the .NET driver uses. For tests, on this machine only:
//   node door.cjs FOLDER-OF-MODULES FOLDER-OF-DATA
// It says on which port it listens, and ends when its input ends, which is when the test that started it is gone.
'use strict';
const fs = require('fs');
const http = require('http');
const path = require('path');
const zlib = require('zlib');

const [modules, data] = process.argv.slice(2);
const { Session } = require(path.join(modules, 'chdb'));
const { decompress } = require(path.join(modules, 'fzstd'));

const session = new Session(path.join(data, 'engine'));
let turn = Promise.resolve();
let files = 0;

// One statement after the other: settings belong to the session.
function inTurn(work) {
  const result = turn.then(work);
  turn = result.catch(() => {});
  return result;
}

async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) {
    pieces.push(piece);
  }

  const body = Buffer.concat(pieces);
  switch (request.headers['content-encoding']) {
    case 'gzip': return zlib.gunzipSync(body);
    case 'zstd': return body.length === 0 ? body : Buffer.from(decompress(body));
    case undefined: return body;
    default: throw new Error(`the door does not know the encoding ${request.headers['content-encoding']}`);
  }
}

const quoted = (text) => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;

async function answer(url, body) {
  const given = url.searchParams.get('query');
  const newline = body.indexOf(10);
  const first = given ?? body.subarray(0, newline < 0 ? body.length : newline).toString();
  const insert = /^\s*(INSERT\s+INTO\s+[\s\S]*?)\s+FORMAT\s+(RowBinary\w*)\s*$/i.exec(first);
  if (insert) {
    const rows = given === null ? body.subarray(newline + 1) : body;
    const file = path.join(data, `rows-${files++}`);
    fs.writeFileSync(file, rows);
    try {
      const token = url.searchParams.get('insert_deduplication_token');
      const settings = token === null ? '' : ` SETTINGS insert_deduplication_token = ${quoted(token)}`;
      await session.queryAsync(`${insert[1]} FROM INFILE ${quoted(file)}${settings} FORMAT ${insert[2]}`, { format: 'Null' });
    } finally {
      fs.unlinkSync(file);
    }

    return Buffer.alloc(0);
  }

  const result = await session.queryAsync(given ?? body.toString(), { format: url.searchParams.get('default_format') ?? 'TabSeparated' });
  return Buffer.from(result.bytes());
}

const server = http.createServer(async (request, response) => {
  const started = Date.now();
  try {
    const url = new URL(request.url, 'http://door');
    const body = await bodyOf(request);
    const bytes = await inTurn(() => answer(url, body));
    response.writeHead(200, { 'X-ClickHouse-Timezone': 'UTC', 'Content-Type': 'application/octet-stream', 'Content-Length': bytes.length });
    response.end(bytes);
  } catch (error) {
    const text = String((error && error.message) || error);
    const code = /Code: (\d+)/.exec(text);
    response.writeHead(500, { 'X-ClickHouse-Exception-Code': code ? code[1] : '1' });
    response.end(/^Code: \d+\. DB::Exception/.test(text) ? text : `Code: ${code ? code[1] : 1}. DB::Exception: ${text}`);
  }

  if (process.env.SPOO_DOOR_LOG) {
    fs.appendFileSync(process.env.SPOO_DOOR_LOG, `${Date.now() - started} ms ${request.url}\n`);
  }
});

// As much as a question that names a hundred thousand links needs.
session.queryAsync('SET max_query_size = 268435456', { format: 'Null' }).then(() => {
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
