import type { Schema } from './open-api.ts';

/**
 * The TypeScript types of schemas, by swagger-typescript-api, which is loaded when it is needed: it brings a parser and a
 * formatter, and most runs of `nx sync` write nothing.
 *
 * @param schemas by name
 * @param reserved names that no type may have
 * @returns the source, and the name that each schema got
 */
export async function clientTypes(
  schemas: Readonly<Record<string, Schema>>,
  reserved: ReadonlySet<string>,
): Promise<{ source: string; nameOf: (schema: string) => string }> {
  const { generateApi } = await import('swagger-typescript-api');
  const typeNames = new Map<string, string>();
  const { files } = await generateApi({
    spec: {
      openapi: '3.0.0',
      info: { title: '', version: '' },
      paths: {},
      components: { schemas: quieter(schemas) as never },
    },
    output: false,
    silent: true,
    generateClient: false,
    generateUnionEnums: true,
    codeGenConstructs: (constructs) => ({
      ...constructs,
      Keyword: { ...constructs.Keyword, Any: 'unknown' },
    }),
    hooks: {
      onFormatTypeName: (typeName, rawTypeName) => {
        const hides = Object.hasOwn(globalThis, typeName);
        const name = reserved.has(typeName) ? `${typeName}Schema` : hides ? `${typeName}Body` : typeName;
        if (rawTypeName !== undefined) typeNames.set(rawTypeName, name);
        return name;
      },
    },
  });
  const source = files.map(({ fileContent }) => fileContent).join('\n');
  return {
    source: source.replace(/^(?:\/\*[^]*?\*\/|\/\/.*\n|\s)+(?=\/\*\*|export)/, ''),
    nameOf: (schema) => typeNames.get(schema) ?? schema,
  };
}

/** Schemas without what says nothing to a reader: the bounds of a safe integer, and the pattern of a format. */
function quieter(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(quieter);
  if (typeof node !== 'object' || node === null) return node;
  const members = Object.entries(node).filter(([name, value]) => {
    if (name === 'pattern' && typeof value === 'string') return !('format' in node);
    if (name === 'minimum' || name === 'maximum') return Math.abs(Number(value)) !== Number.MAX_SAFE_INTEGER;
    return true;
  });
  return Object.fromEntries(members.map(([name, value]) => [name, quieter(value)]));
}
