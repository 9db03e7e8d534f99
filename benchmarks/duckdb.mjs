// DuckDB as a peer. It is no dependency: it takes part where it is found.
import { found } from './peers.mjs';

/** Rows of a data chunk. */
const CHUNK = 2048;

/** Says how to have it take part. */
export const ABSENT =
  'DuckDB does not take part. Install @duckdb/node-api in any folder and name that folder in CLIENTELE_PEERS.';

/**
 * A DuckDB in memory on one thread, with `hash32` of `hash`; `null` where `@duckdb/node-api` is found neither here nor in
 * a folder that the environment variable CLIENTELE_PEERS names.
 */
export async function duckdb() {
  const api = (await found('@duckdb/node-api'))?.default;
  if (!api) return null;
  const connection = await (await api.DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await connection.run('SET threads = 1');
  await connection.run(HASH);
  return {
    run: (sql) => connection.run(sql),
    /** Makes a table of columns of float64. */
    make: async (name, columns) => {
      const names = Object.keys(columns);
      await connection.run(`CREATE TABLE ${name} (${names.map((column) => `${column} DOUBLE`)})`);
      const appender = await connection.createAppender(name);
      const rows = columns[names[0]].length;
      for (let start = 0; start < rows; start += CHUNK) {
        const length = Math.min(CHUNK, rows - start);
        const chunk = api.DuckDBDataChunk.create(
          names.map(() => api.DOUBLE),
          length,
        );
        names.forEach((column, k) => {
          chunk.setColumnValues(k, Array.from(columns[column].subarray(start, start + length)));
        });
        appender.appendDataChunk(chunk);
      }
      appender.closeSync();
    },
    columns: async (sql) => (await connection.runAndReadAll(sql)).getColumnsJS(),
    close: () => connection.closeSync(),
  };
}

/** A hash of (i, k) on [0, 2³²), the same in JavaScript and in SQL, so that both make the same data. */
export const hash = (i, k) => {
  const x = (Math.imul(i, 2_654_435_761) + k) >>> 0;
  return Math.imul(x ^ (x >>> 15), 2_246_822_519) >>> 0;
};
const HASH = `CREATE MACRO hash32(i, k) AS
  (xor((i::UBIGINT * 2654435761 + k) % 4294967296, ((i::UBIGINT * 2654435761 + k) % 4294967296) >> 15) * 2246822519) % 4294967296`;
