export { secureDocument, type SecureDocumentOptions } from './lib/openapi/secure-document.js';
