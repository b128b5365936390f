/**
 * What the client of Postgres does with a connection that has gone (porsager/postgres 1154, 1208; 3.4.9 has no mend):
 *
 * - It writes to one when a transaction goes on after its end, or a statement that is small was to be sent in the next turn: an exception that nobody
 *   can catch, and the process with it. Here the statement fails as one whose connection closed, and what was to be sent to a connection that has
 *   gone is not sent to the one after it. Seen by the drill `network`.
 * - It lets a transaction that goes on use the connection that was opened in the place of its own: what it sends there happens outside any
 *   transaction, or in that of somebody else, whom its `rollback` or `commit` ends too. Here every statement of such a transaction fails, also those
 *   that waited for a place on the connection, which were never answered.
 */
const mends = {
  'connection.js': [
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
  ],
  'index.js': [
    [
      `      , prepare = null

    try {
      await sql.unsafe('begin `,
      `      , prepare = null
      , gone = null

    try {
      await sql.unsafe('begin `,
    ],
    [
      `        new Promise((_, reject) => connection.onclose = reject)
`,
      `        new Promise((_, reject) => connection.onclose = e => {
          gone = e
          reject(e)
          while (queries.length)
            queries.shift().reject(e)
        })
`,
    ],
    [
      `        q.catch(e => uncaughtError || (uncaughtError = e))
        c.queue === full
`,
      `        q.catch(e => uncaughtError || (uncaughtError = e))
        gone ? q.reject(gone) : c.queue === full
`,
    ],
  ],
};

/** The source of one of its files, mended; throws when it is another than we know. */
export function mendPostgres(source, file = 'connection.js') {
  let text = source;
  for (const [before, after] of mends[file]) {
    if (text.split(before).length !== 2)
      throw new Error(
        `postgres/src/${file} is another than scripts/mend-postgres.js mends: look whether it still has to.`,
      );
    text = text.replace(before, () => after);
  }
  return text;
}

/** For the bundles of the server. Where a frame of those two files stands in their source is not told. */
export const mendedPostgres = {
  name: 'heddle-mended-postgres',
  transform: (code, id) => {
    const [, file] = /[\\/]postgres[\\/]src[\\/](connection\.js|index\.js)$/.exec(id) ?? [];
    return file === undefined ? null : { code: mendPostgres(code, file), map: { mappings: '' } };
  },
};
