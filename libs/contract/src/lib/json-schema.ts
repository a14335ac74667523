import { z } from 'zod';
import { contractSchema } from './contract.schema.js';

/** The JSON Schema (2020-12) of a `contract.json`, for editors. The package ships it as `contract.schema.json`. */
export const contractJsonSchema = () =>
  z.toJSONSchema(contractSchema, { io: 'input', target: 'draft-2020-12' });
