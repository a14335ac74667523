import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A store that the suites run on: SQLite in the data folder, or a PostgreSQL schema of its own. */
export interface TestStore {
  readonly name: string;
  /** What `DATABASE_URL` is; `undefined` for SQLite. */
  readonly databaseUrl: string | undefined;
  drop(): Promise<void>;
}

const server = process.env['TEST_DATABASE_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/test';

/** SQLite always; PostgreSQL where one answers. Without one a line says so, and `REQUIRE_SERVICES=1` makes it an error. */
export async function testStores(): Promise<(() => Promise<TestStore>)[]> {
  const sqlite = async (): Promise<TestStore> => ({
    name: 'sqlite',
    databaseUrl: undefined,
    drop: async () => undefined,
  });
  const reason = await withPostgres(async () => undefined).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : 'unknown reason'),
  );
  if (reason === undefined) return [sqlite, postgres];
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(`PostgreSQL is required: ${reason}`);
  console.warn(`skipped on PostgreSQL: ${server} does not answer`);
  return [sqlite];
}

async function postgres(): Promise<TestStore> {
  const schema = `issuer_${randomBytes(6).toString('hex')}`;
  await withPostgres((client) => client.query(`create schema ${schema}`));
  const url = new URL(server);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return {
    name: 'postgresql',
    databaseUrl: url.href.replaceAll('+', '%20'),
    drop: async () => void (await withPostgres((client) => client.query(`drop schema ${schema} cascade`))),
  };
}

async function withPostgres<Result>(run: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: server, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}
