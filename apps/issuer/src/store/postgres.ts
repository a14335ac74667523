import { PostgresDialect, type Dialect } from 'kysely';

/** Longest wait for a connection to PostgreSQL, in milliseconds. */
const connectTimeout = 5_000;

/** Longest run of one statement, in milliseconds. */
const statementTimeout = 10_000;

/**
 * A pool of connections to PostgreSQL.
 *
 * @param url where it is; `?options=-c%20search_path%3Dname` chooses a schema
 * @param onIdleError told when a connection breaks that nobody uses
 */
export async function postgresDialect(url: string, onIdleError: (error: Error) => void): Promise<Dialect> {
  const { Pool } = await import('pg');
  const pool = new Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: connectTimeout,
    statement_timeout: statementTimeout,
  });
  pool.on('error', onIdleError);
  return new PostgresDialect({ pool });
}
