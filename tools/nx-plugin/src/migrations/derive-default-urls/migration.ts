import { formatFiles, type Tree } from '@nx/devkit';
import { contractsOf } from '../../contracts/contracts-of.ts';
import contractsGenerator from '../../generators/contracts/generator.ts';
import { addImports, editSource } from '../../wiring/source.ts';
import { definitionFileOf } from '../../wiring/wire-option.ts';

/**
 * Where a callee is on a laptop comes from its contract: `callees.gen.ts` exports `defaultUrls`, and a service that wrote
 * them itself (`const defaultUrls = { … }`) imports them in its place.
 */
export default async function deriveDefaultUrls(tree: Tree): Promise<void> {
  await contractsGenerator(tree);
  for (const { root } of contractsOf(tree)) {
    const path = definitionFileOf(tree, root);
    if (path === undefined || !tree.exists(`${root}/src/callees.gen.ts`)) continue;
    editSource(tree, path, (file) => {
      const statement = file.getVariableStatement((candidate) =>
        candidate.getDeclarations().every((declaration) => declaration.getName() === 'defaultUrls'),
      );
      if (!statement) return;
      statement.remove();
      addImports(file, [{ from: './callees.gen.js', names: ['defaultUrls'] }]);
    });
  }
  await formatFiles(tree);
}
