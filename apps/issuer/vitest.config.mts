import { mergeConfig } from 'vitest/config';
import { projectConfig } from '../../vitest.shared.mjs';

/** Its longest specs wait for processes more than they compute, so two files run at a time on two cores as well. */
export default mergeConfig(projectConfig(import.meta.dirname), { test: { maxWorkers: 2 } });
