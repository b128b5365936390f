/**
 * The client of Postgres writes to a connection that has gone when a transaction goes on after its end, or a statement that is small was to be sent in
 * the next turn: an exception that nobody can catch, and the process with it (porsager/postgres 1154, 1208; 3.4.9 has no mend). Here the statement fails
 * as one whose connection closed, and what was to be sent to a connection that has gone is not sent to the one after it. Seen by the drill `network`.
 */
const mends = [
  [
    `  function nextWrite(fn) {
    const x = socket.write(chunk, fn)
`,
    `  function nextWrite(fn) {
    if (socket === null) {
      nextWriteTimer !== null && clearImmediate(nextWriteTimer)
      chunk = nextWriteTimer = null
      const gone = Errors.connection('CONNECTION_CLOSED', options)
      query && queryError(query, gone)
      while (sent.length)
        queryError(sent.shift(), gone)
      return false
    }
    const x = socket.write(chunk, fn)
`,
  ],
  [
    `    clearImmediate(nextWriteTimer)
    socket.removeListener('data', data)
`,
    `    clearImmediate(nextWriteTimer)
    chunk = nextWriteTimer = null
    socket.removeListener('data', data)
`,
  ],
];

/** The source of its connections, mended; throws when it is another than we know. */
export function mendPostgres(source) {
  let text = source;
  for (const [before, after] of mends) {
    if (text.split(before).length !== 2)
      throw new Error(
        'postgres/src/connection.js is another than scripts/mend-postgres.js mends: look whether it still has to.',
      );
    text = text.replace(before, () => after);
  }
  return text;
}

/** For the bundles of the server. Where a frame of that one file stands in its source is not told. */
export const mendedPostgres = {
  name: 'heddle-mended-postgres',
  transform: (code, id) =>
    /[\\/]postgres[\\/]src[\\/]connection\.js$/.test(id) ? { code: mendPostgres(code), map: { mappings: '' } } : null,
};
