import { operationsOf, type Content, type Document, type Parameter, type Schema } from './open-api.ts';
import { nameOperations, variable, type OperationName } from './operation-names.ts';

/** An operation as the template of a client needs it. */
export interface ClientOperation extends OperationName {
  readonly verb: string;
  readonly path: string;
  /** What it does, a line each. */
  readonly docs: readonly string[];
  /** Its parameters in their order, without the options of a call. */
  readonly args: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[];
  /** Source of its URL. */
  readonly url: string;
  readonly body: string | undefined;
  readonly query: string | undefined;
  readonly headers: string | undefined;
  /** Type of what it answers. */
  readonly answer: string;
  /** How axios is to read the answer, where it is not JSON. */
  readonly responseType: 'text' | 'arraybuffer' | undefined;
}

/** The operations of a document, and its schemas with one for each body, answer and query. */
export interface ClientModel {
  readonly operations: readonly ClientOperation[];
  readonly schemas: Readonly<Record<string, Schema>>;
  /** Names of the schemas of error bodies. */
  readonly errors: readonly string[];
  /** What every error body has. */
  readonly errorMembers: readonly string[];
}

/** Reads a document into what is to be written. */
export function clientModel(document: Document): ClientModel {
  const schemas = new Map<string, Schema>(Object.entries(document.components?.schemas ?? {}));
  const errors = new Set<string>();
  const operations = nameOperations(operationsOf(document)).map((placed): ClientOperation => {
    const { operation, type, verb, path } = placed;
    const hoist = (schema: Schema, suffix: string) => typeOf(schemas, schema, `${type}${suffix}`);
    const success = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
    const answers = success.map(([, { content }]) => answerOf(content, (schema) => hoist(schema, 'Answer')));
    for (const [status, { content }] of Object.entries(operation.responses)) {
      const schema = jsonOf(content);
      if (/^[45]|^default$/.test(status) && schema) errors.add(errorOf(schemas, schema));
    }
    const parts = partsOf(placed.operation, hoist);
    return {
      ...placed,
      docs: docsOf(placed),
      ...parts,
      url: path.replaceAll(/[`\\$]/g, '\\$&').replaceAll(/\{([^}]+)\}/g, (whole, name: string) => {
        const arg = parts.names.get(name);
        return arg === undefined ? whole : `\${segment(${arg})}`;
      }),
      verb: verb.toUpperCase(),
      answer: [...new Set(answers.map(({ type: answer }) => answer))].join(' | ') || 'void',
      responseType: answers.find(({ responseType }) => responseType !== undefined)?.responseType,
    };
  });
  return {
    operations,
    schemas: Object.fromEntries(schemas),
    errors: [...errors],
    errorMembers: commonMembers([...errors].map((name) => schemas.get(name) ?? {})),
  };
}

type Hoist = (schema: Schema, suffix: string) => string;

function partsOf(operation: Parameters<typeof docsOf>[0]['operation'], hoist: Hoist) {
  const taken = new Set(['body', 'query', 'headers', 'options', 'segment', 'this']);
  const names = new Map<string, string>();
  const inPath = operation.parameters.filter((each) => each.in === 'path');
  const args = inPath.map(({ name, schema }) => {
    const arg = variable(name, taken);
    taken.add(arg);
    names.set(name, arg);
    return { name: arg, type: scalarOf(schema), optional: false };
  });
  const of = (place: string) => operation.parameters.filter((each) => each.in === place);
  const body = bodyOf(operation.requestBody, hoist);
  const query = objectOf(of('query'), 'Query', hoist);
  const headers = objectOf(
    of('header').filter(({ name }) => !ownHeaders.has(name.toLowerCase())),
    'Headers',
    hoist,
  );
  const found = Object.entries({ body, query, headers }).flatMap(([name, part]) =>
    part ? [{ name, ...part }] : [],
  );
  const sorted = [...found.filter(({ optional }) => !optional), ...found.filter(({ optional }) => optional)];
  return { args: [...args, ...sorted], names, body: body?.type, query: query?.type, headers: headers?.type };
}

/** What the connection or axios say themselves, and OpenAPI leaves out. */
const ownHeaders = new Set(['authorization', 'accept', 'content-type']);

function objectOf(parameters: readonly Parameter[], suffix: string, hoist: Hoist) {
  if (parameters.length === 0) return undefined;
  const properties = parameters.map(({ name, schema, description }) => [
    name,
    description === undefined ? schema : { ...schema, description },
  ]);
  const required = parameters.filter((each) => each.required).map(({ name }) => name);
  const schema = { type: 'object', properties: Object.fromEntries(properties) as Schema, required };
  return { type: hoist(schema, suffix), optional: required.length === 0 };
}

function bodyOf(body: { required: boolean; content: Content } | undefined, hoist: Hoist) {
  if (!body) return undefined;
  const optional = !body.required;
  const schema = jsonOf(body.content);
  if (schema) return { type: hoist(schema, 'Body'), optional };
  const [kind = ''] = Object.keys(body.content);
  const types: Record<string, string> = {
    'multipart/form-data': 'FormData',
    'application/x-www-form-urlencoded': 'URLSearchParams',
  };
  return { type: types[kind] ?? (kind.startsWith('text/') ? 'string' : 'Buffer'), optional };
}

function answerOf(content: Content | undefined, hoist: (schema: Schema) => string) {
  const kinds = Object.keys(content ?? {});
  if (kinds.length === 0) return { type: 'void' };
  const schema = jsonOf(content);
  if (schema) return { type: hoist(schema) };
  return kinds.every((kind) => kind.startsWith('text/'))
    ? { type: 'string', responseType: 'text' as const }
    : { type: 'Buffer', responseType: 'arraybuffer' as const };
}

function jsonOf(content: Content = {}): Schema | undefined {
  const kind = Object.keys(content).find((name) => /^application\/(?:[\w.-]+\+)?json\b/.test(name));
  return kind === undefined ? undefined : (content[kind]?.schema ?? {});
}

/** The name of a schema: its own where it refers to one, else one that it gets. */
function typeOf(schemas: Map<string, Schema>, schema: Schema, wanted: string): string {
  const own = /^#\/components\/schemas\/([^/]+)$/.exec(
    typeof schema['$ref'] === 'string' ? schema['$ref'] : '',
  )?.[1];
  if (own !== undefined && schemas.has(own)) return own;
  const name = schemas.has(wanted) && schemas.get(wanted) !== schema ? `${wanted}Of` : wanted;
  schemas.set(name, schema);
  return name;
}

/** The name of the schema of an error; the same schema has one name, wherever it is. */
function errorOf(schemas: Map<string, Schema>, schema: Schema): string {
  const text = JSON.stringify(schema);
  const same = [...schemas].find(([, other]) => JSON.stringify(other) === text);
  if (same) return same[0];
  for (let count = 1; ; count++) {
    const name = count === 1 ? 'Refusal' : `Refusal${count}`;
    if (!schemas.has(name)) return typeOf(schemas, schema, name);
  }
}

function commonMembers(schemas: readonly Schema[]): string[] {
  const required = schemas.map((schema) =>
    Array.isArray(schema['required']) ? schema['required'].map(String) : [],
  );
  const [first = [], ...others] = required;
  return first.filter((member) => others.every((members) => members.includes(member)));
}

/** The type of a part of a path. */
function scalarOf(schema: Schema): string {
  const { type, enum: values } = schema;
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'boolean' ? 'boolean' : 'string';
}

function docsOf({ verb, path, operation }: ReturnType<typeof operationsOf>[number]): string[] {
  const { summary, description, deprecated, security } = operation;
  const scopes = [...new Set(security.map((each) => Object.values(each).flat().join(' ')))].filter(
    (set) => set !== '',
  );
  const needs = scopes.length === 0 ? '' : `, with the scope \`${scopes.join('`, or `')}\``;
  const said = [summary, description].flatMap((text) => (text ? text.split('\n') : []));
  return [
    ...(said.length > 0 ? [...said, ''] : []),
    `\`${verb.toUpperCase()} ${path}\`${needs}.`,
    ...(deprecated ? ['', '@deprecated'] : []),
  ].map((line) => line.replaceAll('*/', '*\\/'));
}
