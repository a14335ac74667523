import { peerModule } from '../peer-module.js';
import { type Variant } from '../variant.js';

/** The route with a guard that lets everything through: what a guarded route costs without the guarding. */
export const noOp: Variant = { label: 'no-op guard', module: () => peerModule(() => true) };
