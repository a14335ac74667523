import { formatFiles, logger, updateJson, type Tree } from '@nx/devkit';
import { chooseContract, contractsOf } from '../../contracts/contracts-of.ts';
import { scopeNameProblem } from '../../names/contract-rules.ts';
import type { ScopeGeneratorOptions } from './schema.d.ts';

const longestDescription = 1_000;

/**
 * Adds a scope, with a sentence for whoever grants it, to those that a service owns. Says what to run for its OpenAPI
 * document, which is made from the built service.
 *
 * @throws Error with the reason or the choices, before anything is written
 */
export default async function scopeGenerator(
  tree: Tree,
  { service, name, description }: ScopeGeneratorOptions,
): Promise<void> {
  const owners = contractsOf(tree).filter(({ audience }) => audience !== undefined);
  const { root, scopes } = chooseContract('service with an audience', owners, service);
  const problem = scopeNameProblem(name);
  if (problem !== undefined) throw new Error(`No scope can be named ${JSON.stringify(name)}. ${problem}`);
  const sentence = description.trim();
  if (sentence === '' || sentence.length > longestDescription) {
    throw new Error(`Describe ${name} in a sentence of at most ${longestDescription} characters.`);
  }
  const present = Object.hasOwn(scopes, name) ? scopes[name] : undefined;
  if (present !== undefined && present !== sentence) {
    throw new Error(
      `${service} owns ${name} already: ${present}. To describe it anew, edit ${root}/contract.json.`,
    );
  }
  updateJson<{ scopes?: Record<string, string> }>(tree, `${root}/contract.json`, (contract) => ({
    ...contract,
    scopes: { ...contract.scopes, [name]: sentence },
  }));
  await formatFiles(tree);
  if (present === undefined && tree.exists(`${root}/openapi.json`))
    logger.info(`${root}/openapi.json does not name the scope yet: run nx openapi ${service}, then nx sync.`);
}
