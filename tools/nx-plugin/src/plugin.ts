export { createNodesV2, type ContractPluginOptions } from './graph/create-nodes.ts';
