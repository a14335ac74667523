import './contract.js';
import type { CalleeName, ScopeName } from '@countersign/contract';

const scope: ScopeName = 'read:orders';
// @ts-expect-error -- not a scope of this service
const wrong: ScopeName = 'raed:orders';
// @ts-expect-error -- not a callee of this service
const callee: CalleeName = 'billing';
console.log(scope, wrong, callee);
