import { z } from 'zod';

/** A JSON Schema as it stands in a document; what is in it is the generator's to read. */
export type Schema = Record<string, unknown>;

const schema = z.record(z.string(), z.unknown());
const content = z.record(z.string(), z.looseObject({ schema: schema.optional() }));

const parameter = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  schema: schema.default({ type: 'string' }),
  description: z.string().optional(),
});

const operation = z.looseObject({
  operationId: z.string().optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  deprecated: z.boolean().optional(),
  parameters: z.array(parameter).default([]),
  requestBody: z.looseObject({ required: z.boolean().default(false), content }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: content.optional() })).default({}),
  security: z.array(z.record(z.string(), z.array(z.string()))).default([]),
});

const verbs = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const;

const pathItem = z.looseObject({
  parameters: z.array(parameter).default([]),
  ...Object.fromEntries(verbs.map((verb) => [verb, operation.optional()])),
});

const document = z.looseObject({
  openapi: z.string().regex(/^3\.[01]\./, 'must be 3.0 or 3.1'),
  info: z.looseObject({ title: z.string().default(''), version: z.string().default('') }),
  paths: z.record(z.string(), pathItem).default({}),
  components: z.looseObject({ schemas: z.record(z.string(), schema).default({}) }).optional(),
});

export type Content = z.output<typeof content>;
export type Parameter = z.output<typeof parameter>;
export type OperationObject = z.output<typeof operation>;
export type Document = z.output<typeof document>;

/** An operation of a document, where it is. */
export interface PlacedOperation {
  readonly verb: string;
  readonly path: string;
  readonly operation: OperationObject;
}

/**
 * Reads an `openapi.json`.
 *
 * @param file where it is, for the message
 * @throws Error that says what is wrong with it, and where
 */
export function parseOpenApi(text: string, file: string): Document {
  const parsed = document.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `  /${path.map(String).join('/')}: ${message}`,
  );
  throw new Error(`${file} is no OpenAPI document:\n${problems.join('\n')}\n${remedy}`);
}

const remedy = 'Write it anew with the target `openapi` of its project.';

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is not JSON. ${remedy}`, { cause });
  }
}

/** The operations of a document, in its order; those of a path have its parameters. */
export function operationsOf({ paths }: Document): PlacedOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    verbs.flatMap((verb) => {
      const found = item[verb] as OperationObject | undefined;
      if (!found) return [];
      const own = new Set(found.parameters.map((each) => `${each.in} ${each.name}`));
      const shared = item.parameters.filter((each) => !own.has(`${each.in} ${each.name}`));
      return [{ verb, path, operation: { ...found, parameters: [...shared, ...found.parameters] } }];
    }),
  );
}
