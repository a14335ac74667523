export { createDependencies } from './graph/create-dependencies.ts';
export { createNodesV2, type ContractPluginOptions } from './graph/create-nodes.ts';
