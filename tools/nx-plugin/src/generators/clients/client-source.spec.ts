import { Project } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { clientSource } from './client-source.ts';

const file = 'apps/billing/openapi.json';
const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const parameter = (name: string, place: string, schema: object = { type: 'string' }, required = true) => ({
  name,
  in: place,
  required,
  schema,
});

async function source(paths: object, schemas: object = {}): Promise<string> {
  const document = { openapi: '3.0.0', info: { title: 'x', version: '1' }, paths, components: { schemas } };
  return (await clientSource({ service: 'billing', file, text: JSON.stringify(document) }, null)) ?? '';
}

/** What the compiler says of a client in the strictness of the workspace. */
function problemsOf(text: string): string[] {
  const project = new Project({ tsConfigFilePath: 'tsconfig.lib.json', skipAddingFilesFromTsConfig: true });
  project.compilerOptions.set({
    composite: false,
    incremental: false,
    experimentalDecorators: true,
    rootDir: '/',
  });
  project.compilerOptions.set({ erasableSyntaxOnly: false, noEmit: true });
  const created = project.createSourceFile('src/generators/clients/billing.client.gen.ts', text, {
    overwrite: true,
  });
  const problems = created
    .getPreEmitDiagnostics()
    .map((each) => JSON.stringify(each.compilerObject.messageText));
  created.forget();
  return problems;
}

const everything = {
  '/invoices/{class}/lines/{line-no}': {
    parameters: [parameter('class', 'path'), parameter('line-no', 'path', { type: 'integer' })],
    put: {
      operationId: 'InvoiceLinesController_replace',
      summary: 'Ends a comment */ early',
      parameters: [
        parameter('dry-run', 'query', { type: 'boolean' }, false),
        parameter('X-Reason', 'header'),
        parameter('Authorization', 'header'),
      ],
      requestBody: { required: true, ...json({ $ref: '#/components/schemas/Line' }) },
      responses: {
        200: json({ $ref: '#/components/schemas/Line' }),
        409: json({ $ref: '#/components/schemas/Error' }),
      },
      security: [{ oauth2: ['write:invoices'] }],
    },
    delete: { operationId: 'InvoiceLinesController_delete', responses: { 204: {} }, deprecated: true },
  },
  '/export': { get: { responses: { 200: { content: { 'text/csv': {} } } } } },
  '/pdf': { get: { operationId: 'pdf', responses: { 200: { content: { 'application/pdf': {} } } } } },
  '/upload': {
    post: {
      operationId: 'upload',
      requestBody: { content: { 'multipart/form-data': { schema: { type: 'object' } } } },
      responses: { 201: json({}) },
    },
  },
};

const schemas = {
  Line: {
    type: 'object',
    required: ['text'],
    properties: {
      text: { type: 'string' },
      note: { type: 'string', nullable: true },
      kind: { type: 'string', enum: ['goods', "it's"] },
      parts: { type: 'array', items: { $ref: '#/components/schemas/Line' } },
      extra: {},
    },
  },
  Error: { type: 'object', required: ['code'], properties: { code: { type: 'string' } } },
  BillingError: { type: 'object', properties: {} },
};

describe('clientSource', () => {
  it('compiles in the strictness of the workspace, and has no any', { timeout: 60_000 }, async () => {
    const text = await source(everything, schemas);
    expect(problemsOf(text)).toEqual([]);
    expect(text).not.toMatch(/\bany\b/);
    expect(problemsOf(text.replace('body: Line', 'body: Lin'))).not.toEqual([]);
  });

  it('names operations by their ids, groups them by controller, and types all that they take', async () => {
    const text = (await source(everything, schemas)).replaceAll(/\s+/g, ' ');
    expect(text).toContain('readonly invoiceLines = {');
    expect(text).toContain(
      'replace: async ( classValue: string, lineNo: number, body: Line, headers: InvoiceLinesReplaceHeaders, query?: InvoiceLinesReplaceQuery, options?: BillingCallOptions, ): Promise<Line> =>',
    );
    expect(text).toContain('url: `/invoices/${segment(classValue)}/lines/${segment(lineNo)}`');
    expect(text).toContain(
      'delete: async ( classValue: string, lineNo: number, options?: BillingCallOptions, ): Promise<void>',
    );
    expect(text).toContain('readonly getExport = async (options?: BillingCallOptions): Promise<string>');
    expect(text).toContain('readonly pdf = async (options?: BillingCallOptions): Promise<Buffer>');
    expect(text).toContain('readonly upload = async ( body?: FormData, options?: BillingCallOptions, )');
    expect(text).not.toContain('Authorization');
  });

  it('has a type for its errors that hides no other', async () => {
    const text = await source(everything, schemas);
    expect(text).toContain('export type BillingErrorBody = ErrorBody;');
    expect(text).toContain('export interface ErrorBody {');
    expect(text).toContain('"code" in body');
    expect(text).not.toMatch(/export interface (?:Error|BillingError) /);
  });

  it('says what an operation does and needs', async () => {
    const text = await source(everything, schemas);
    expect(text).toContain('Ends a comment *\\/ early');
    expect(text).toContain('`PUT /invoices/{class}/lines/{line-no}`, with the scope `write:invoices`.');
    expect(text).toContain('@deprecated');
  });

  it('writes the text of a path as data, never as code', { timeout: 60_000 }, async () => {
    const path = '/a`${process.exit(1)}\\{id}';
    const text = await source({
      [path]: { get: { operationId: 'a', parameters: [parameter('id', 'path')] } },
    });
    expect(text).toContain('url: `/a\\`\\${process.exit(1)}\\\\${segment(id)}`');
    expect(problemsOf(text)).toEqual([]);
  });
});
