import type { INestApplication } from '@nestjs/common';
import type { Command } from 'commander';
import { findRoute, type RegisteredRoute, routeRegistry } from '../audit/route-registry.js';
import { type Explanation, explainToken } from '../explain/explain-token.js';
import { checkOptions } from '../module/check-options.js';
import type { ProtectedRequirement } from '../requirement/route-requirement.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import type { Streams } from './cli.js';
import { CliError } from './cli.error.js';
import { formatExplanation, formatRequirement } from './format-explanation.js';
import { type LoadedService, loadService } from './load-service.js';
import { ownOptions } from '../module/own-options.js';
import { readToken } from './read-token.js';

interface Options {
  readonly service: string;
  readonly route?: string;
  readonly tokenFile: string;
}

/** `explain`: which check of a service refuses a token on a route, and what to do. */
export function explainCommand(
  program: Command,
  { out, stdin }: Streams,
  done: (code: number) => void,
): void {
  program
    .command('explain')
    .description(
      'Says which check of a built service refuses a token, and what to do. The token is never shown. ' +
        'Configured as the service is, by environment; the keys of the issuer are fetched.',
    )
    .requiredOption(
      '--service <file>',
      'the built module of the service, such as apps/orders/dist/service.js',
    )
    .requiredOption('--token-file <file>', 'where the token is; - for standard input')
    .option('--route <route>', 'the route, such as "POST /orders" or "GET /orders/7"')
    .action(async ({ service, route: name, tokenFile }: Options) => {
      const loaded = await loadService(service);
      const app = await loaded.preview();
      const route = name === undefined ? undefined : routeNamed(name, routeRegistry(app));
      if (route) out(`${route.route} ${formatRequirement(route.requirement)}\n`);
      const requirement = route?.requirement;
      if (requirement && requirement.access !== 'protected') return app.close();
      const token = await readToken(tokenFile, stdin);
      const explanation = await explain(loaded, app, token, requirement);
      out(formatExplanation(explanation));
      done(statusOf(explanation));
    });
}

async function explain(
  loaded: LoadedService,
  preview: INestApplication,
  token: string,
  requirement: ProtectedRequirement | undefined,
): Promise<Explanation> {
  const { verifier, close } = await verifierOf(loaded, preview);
  try {
    return await explainToken(verifier, token, requirement ? { requirement } : {});
  } finally {
    await close();
  }
}

/** The exit code: without keys nothing is said about the token. */
function statusOf({ accepted, code }: Explanation): 0 | 1 | 2 {
  if (accepted) return 0;
  return code === 'keys_unavailable' ? 2 : 1;
}

/** The verifier of the service: made from its options, or by itself where a factory makes them. */
async function verifierOf(loaded: LoadedService, preview: INestApplication) {
  const options = ownOptions(preview);
  if (options) {
    const { verifier } = checkOptions({ ...options, prefetch: false });
    const close = async (): Promise<void> => {
      verifier.close();
      await preview.close();
    };
    return { verifier, close };
  }
  await preview.close();
  const app = await loaded.build();
  try {
    return { verifier: app.get(AccessTokenVerifier, { strict: false }), close: () => app.close() };
  } catch (cause) {
    await app.close();
    throw new CliError('The service has no AuthModule.', ['Import AuthModule in its root module.'], {
      cause,
    });
  }
}

function routeNamed(name: string, routes: readonly RegisteredRoute[]): RegisteredRoute {
  const route = findRoute(routes, name);
  if (route) return route;
  throw new CliError(`The service has no route ${JSON.stringify(name)}.`, [
    `Name one of these:\n${routes.map((each) => `  ${each.route}`).join('\n')}`,
  ]);
}
