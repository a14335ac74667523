import 'reflect-metadata';
import { startService } from '@countersign/bootstrap';
import { issuerService } from './issuer.service.js';

await startService(issuerService);
