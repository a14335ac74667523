import type { AppModuleReference } from '../../wiring/wire-module.ts';
import type { OptionWiring } from '../../wiring/wire-option.ts';
import type { ConnectionPlan } from './connection-plan.ts';

/** Where a caller's tokens come from: wired with its first connection. */
export const tokensWiring: OptionWiring = {
  option: 'm2m',
  environment: 'm2mEnv(contract, callees, { defaultUrls })',
  environmentImports: [
    { from: '@countersign/m2m', names: ['m2mEnv'] },
    { from: './callees.gen.js', names: ['callees', 'defaultUrls'] },
  ],
  type: 'M2mModuleOptions',
  meaning: 'Where its own tokens come from, and whom it calls.',
  element: 'M2mModule.forRoot(m2m)',
  moduleImports: [
    { from: '@countersign/m2m', names: ['M2mModule'] },
    { from: '@countersign/m2m', names: ['M2mModuleOptions'], typeOnly: true },
  ],
};

/** Where the parts of a connection are, from the app's folder. */
export const connectionFolder = (callee: string): string => `src/connections/${callee}`;

/** The module of a connection. */
export const connectionModuleOf = ({ calleeClass, callee }: ConnectionPlan): AppModuleReference => ({
  name: `${calleeClass}ConnectionModule`,
  file: `${connectionFolder(callee)}/${callee}-connection.module.ts`,
});

/** Where a callee takes messages: wired with the connection to it. */
export function messagesWiring(plan: ConnectionPlan): OptionWiring {
  const option = `${plan.calleeProperty}Messages`;
  const { name, file } = connectionModuleOf(plan);
  const callee = JSON.stringify(plan.callee);
  return {
    option,
    environment: `messageEnv({ variable: '${plan.calleeVariable}_MESSAGES_URL', defaultUrl: messageUrls[${callee}] })`,
    environmentImports: [
      { from: '@countersign/bootstrap/messages', names: ['messageEnv'] },
      { from: './callees.gen.js', names: ['messageUrls'] },
    ],
    type: 'MessageAddress',
    meaning: `Where ${plan.callee} takes messages.`,
    element: `${name}.forRoot(${option})`,
    moduleImports: [
      { from: '@countersign/bootstrap/messages', names: ['MessageAddress'], typeOnly: true },
      { from: file, names: [name] },
    ],
  };
}
