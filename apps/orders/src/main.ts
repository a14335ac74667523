import { startService } from '@countersign/bootstrap';
import { service } from './service.js';

await startService(service);
