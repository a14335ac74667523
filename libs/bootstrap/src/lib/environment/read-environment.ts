import { EnvironmentError, type EnvironmentProblem } from './environment.error.js';
import type { OutputOf, StandardIssue, StandardSchema } from './standard-schema.js';

/** Names to schemas; each schema reads its own variables out of the whole environment. */
export type EnvironmentParts = Readonly<Record<string, StandardSchema>>;

/** What {@link readEnvironment} answers: the output of each part, under the part's name. */
export type Environment<Parts extends EnvironmentParts> = {
  readonly [Name in keyof Parts]: OutputOf<Parts[Name]>;
};

/** In the place of a variable, where a problem belongs to no single one. */
const wholeEnvironment = 'environment';

/** Options of {@link readEnvironment}. */
export interface ReadEnvironmentOptions {
  /** Who cannot start, for the message. Default: `The service`. */
  readonly service?: string;
}

/**
 * Reads an environment through the schemas of all its parts and lists the problems of all of them at once. A variable
 * that is an empty string counts as unset; one that is not set is one problem, however many parts miss it, in the
 * words of the part that says the most.
 *
 * @param env variables by name, usually `process.env`
 * @param parts one Standard Schema per part; each sees the whole environment
 * @throws {@link EnvironmentError} `environment_invalid` with every problem; no message repeats a value
 * @throws TypeError where a part validates asynchronously
 *
 * @example
 * ```ts
 * const config = readEnvironment(process.env, { server: serverEnv({ port: 4101 }), auth: authEnv(contract) });
 * ```
 */
export function readEnvironment<const Parts extends EnvironmentParts>(
  env: Readonly<Record<string, string | undefined>>,
  parts: Parts,
  { service = 'The service' }: ReadEnvironmentOptions = {},
): Environment<Parts> {
  const variables = Object.fromEntries(Object.entries(env).filter(([, value]) => value));
  const problems = new Map<string, EnvironmentProblem>();
  const output: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(parts)) {
    const result = schema['~standard'].validate(variables);
    if (result instanceof Promise) {
      throw new TypeError(`The schema of the environment part "${name}" must validate synchronously.`);
    }
    if (!result.issues) {
      output[name] = result.value;
      continue;
    }
    for (const issue of result.issues) {
      const problem = toProblem(issue, variables);
      const unset = problem.variable !== wholeEnvironment && variables[problem.variable] === undefined;
      const key = unset ? problem.variable : JSON.stringify(problem);
      const known = problems.get(key);
      if (!known || known.message.length < problem.message.length) problems.set(key, problem);
    }
  }
  if (problems.size > 0) throw new EnvironmentError(service, [...problems.values()].sort(byVariable));
  return output as Environment<Parts>;
}

const byVariable = (a: EnvironmentProblem, b: EnvironmentProblem) => a.variable.localeCompare(b.variable);

function toProblem(issue: StandardIssue, variables: Record<string, string | undefined>): EnvironmentProblem {
  const [segment] = issue.path ?? [];
  if (segment === undefined)
    return { variable: wholeEnvironment, message: withoutValues(issue.message, variables) };
  const variable = String(typeof segment === 'object' ? segment.key : segment);
  return { variable, message: withoutValues(explain(issue.message, variables[variable]), variables) };
}

/** Says "is not set" where a schema library can only say that it got `undefined`. */
function explain(message: string, value: string | undefined): string {
  if (value !== undefined) return message;
  return /received undefined|^required$/i.test(message) ? 'is not set' : message;
}

const secretVariable = /SECRET|PASSWORD|TOKEN|PRIVATE|CREDENTIAL|KEY|_URL$|_URI$/i;

/** Takes the values of variables that may hold a secret out of a message that a schema wrote. */
function withoutValues(message: string, variables: Record<string, string | undefined>): string {
  return Object.entries(variables).reduce(
    (text, [variable, value]) =>
      value !== undefined && value.length >= 8 && secretVariable.test(variable)
        ? text.replaceAll(value, '[redacted]')
        : text,
    message,
  );
}
