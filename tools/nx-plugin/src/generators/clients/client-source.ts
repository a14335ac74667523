import { createHash } from 'node:crypto';
import { format, type Options } from 'prettier';
import { pluginVersion } from '../../workspace/stamp.ts';
import { clientModel, type ClientOperation } from './client-model.ts';
import { clientTypes } from './client-types.ts';
import { parseOpenApi } from './open-api.ts';
import { pascal } from './operation-names.ts';

/** A service, and the document of its API. */
export interface ServiceDocument {
  readonly service: string;
  /** The `openapi.json`. */
  readonly file: string;
  readonly text: string;
}

const headerPattern = /^\/\/ Generated from .* by `nx sync`\. Do not edit\.\n\/\/ sha256 (\w+) (\w+)\n/;

/**
 * Whether a client is what would be written today: it carries the hash of its document and of itself, so that no client
 * has to be generated to find that out.
 */
export function isCurrent(source: string | null, document: ServiceDocument): boolean {
  const text = source?.replaceAll('\r\n', '\n') ?? '';
  const [header, input, body] = headerPattern.exec(text) ?? [];
  if (header === undefined) return false;
  return input === inputHash(document) && body === hash(text.slice(header.length));
}

/**
 * The source of the typed client of a service; nothing where it has no operation.
 *
 * @param style the workspace's Prettier options
 * @throws Error that says what is wrong with the document
 */
export async function clientSource(
  document: ServiceDocument,
  style: Options | null,
): Promise<string | undefined> {
  const { service, file, text } = document;
  const name = pascal(service);
  const model = clientModel(parseOpenApi(text, file));
  if (model.operations.length === 0) return undefined;
  const reserved = new Set(['Api', 'CallOptions', 'Error', 'ErrorBody'].map((suffix) => `${name}${suffix}`));
  const { source: types, nameOf } = await clientTypes(model.schemas, new Set([...reserved, ...imported]));
  const body = await format(
    [
      imports,
      types,
      errorTypes(name, service, model.errors.map(nameOf), model.errorMembers),
      callOptions(name),
      clientClass(name, service, model.operations, nameOf),
      helpers(model.operations),
    ].join('\n'),
    { ...style, parser: 'typescript' },
  );
  return `// Generated from ${file} by \`nx sync\`. Do not edit.\n// sha256 ${inputHash(document)} ${hash(body)}\n${body}`;
}

const imported = new Set(
  'AxiosError AxiosRequestConfig AxiosResponse HttpService Injectable InjectM2m isAxiosError segment'.split(
    ' ',
  ),
);

const imports = `
import { InjectM2m } from '@countersign/m2m';
import type { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { isAxiosError, type AxiosError, type AxiosRequestConfig, type AxiosResponse } from 'axios';
`;

const errorTypes = (name: string, service: string, bodies: readonly string[], members: readonly string[]) => `
/** The body of every error that ${service} answers. */
export type ${name}ErrorBody = ${bodies.join(' | ') || 'unknown'};

/** An answer of ${service} that is an error. */
export type ${name}Error = AxiosError<${name}ErrorBody> & { readonly response: AxiosResponse<${name}ErrorBody> };

/** Whether a call failed because ${service} answered an error, and not on the way to it. */
export function is${name}Error(error: unknown): error is ${name}Error {
  const body = isAxiosError<unknown>(error) ? error.response?.data : undefined;
  return typeof body === 'object' && body !== null${members.map((member) => ` && ${JSON.stringify(member)} in body`).join('')};
}
`;

const callOptions = (name: string) => `
/** What a single call can be told: a \`signal\` that ends it, a \`timeout\` in milliseconds, headers, and the largest answer in bytes. */
export type ${name}CallOptions = Pick<AxiosRequestConfig, 'signal' | 'timeout' | 'maxContentLength'> & {
  readonly headers?: Readonly<Record<string, string>>;
};
`;

function clientClass(
  name: string,
  service: string,
  operations: readonly ClientOperation[],
  nameOf: (schema: string) => string,
): string {
  const groups = [...new Set(operations.flatMap(({ group }) => group ?? []))];
  const signature = (operation: ClientOperation) => clientMethod(name, operation, nameOf);
  const of = (wanted: string | undefined) => operations.filter(({ group }) => group === wanted);
  return `
/**
 * The API of ${service}, a method for each operation. Calls go out with the access token of the connection to ${service}; one
 * that fails rejects with the connection's error, which \`is${name}Error\` tells apart where ${service} answered it.
 */
@Injectable()
export class ${name}Api {
  readonly #http: HttpService;

  constructor(@InjectM2m(${JSON.stringify(service)}) http: HttpService) {
    this.#http = http;
  }
${groups
  .map(
    (group) =>
      `\n  readonly ${group} = {\n${of(group)
        .map((each) => `${docComment(each)}\n${each.method}: ${signature(each)},`)
        .join('\n\n')}\n};\n`,
  )
  .join('')}
${of(undefined)
  .map((each) => `${docComment(each)}\nreadonly ${each.method} = ${signature(each)};\n`)
  .join('\n')}
  async #send<T>(
    request: AxiosRequestConfig,
    options: ${name}CallOptions = {},
  ): Promise<T> {
    const headers = { ...(request.headers as Record<string, string> | undefined), ...options.headers };
    const { data } = await this.#http.axiosRef.request<T>({ ...options, ...request, headers });
    return data;
  }
}
`;
}

const docComment = ({ docs }: ClientOperation): string =>
  ['/**', ...docs.map((line) => ` * ${line}`.trimEnd()), ' */'].join('\n');

function clientMethod(name: string, operation: ClientOperation, nameOf: (schema: string) => string): string {
  const { args, verb, url, body, query, headers, responseType } = operation;
  const answer = operation.answer.split(' | ').map(nameOf).join(' | ');
  const parameters = [
    ...args.map(
      (arg) => `${arg.name}${arg.optional ? '?' : ''}: ${arg.type.split(' | ').map(nameOf).join(' | ')}`,
    ),
    `options?: ${name}CallOptions`,
  ];
  const request = [
    `method: '${verb}'`,
    `url: \`${url}\``,
    ...(query === undefined ? [] : ['params: query', 'paramsSerializer: { indexes: null }']),
    ...(body === undefined ? [] : ['data: body']),
    ...(headers === undefined ? [] : ['headers: stringsOf(headers)']),
    ...(responseType === undefined ? [] : [`responseType: '${responseType}'`]),
  ];
  return `async (${parameters.join(', ')}): Promise<${answer}> => this.#send({ ${request.join(', ')} }, options)`;
}

const helpers = (operations: readonly ClientOperation[]) =>
  [
    operations.some(({ url }) => url.includes('${segment(')) ? segmentHelper : '',
    operations.some(({ headers }) => headers !== undefined) ? headersHelper : '',
  ].join('\n');

const segmentHelper = `
/** A value as one part of a path; \`.\` and \`..\` would be another path. */
function segment(value: string | number | boolean): string {
  const text = String(value);
  if (/^\\.{0,2}$/.test(text)) throw new TypeError(\`\${JSON.stringify(text)} cannot be a part of a path.\`);
  return encodeURIComponent(text);
}
`;

const headersHelper = `
/** Headers that have a value, as text. */
function stringsOf(headers: object = {}): Record<string, string> {
  const present = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]));
}
`;

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** The hash of what a client is made from; the format of the document is nothing to it. */
const inputHash = ({ service, text }: ServiceDocument): string =>
  hash([pluginVersion, service, withoutFormat(text)].join('\n'));

function withoutFormat(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
