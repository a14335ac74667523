import type { QuotaBucket } from '../tokens/token-event.js';

const maxLength = 1_024;

/**
 * Reads `Auth0-Client-Quota-Limit`, such as `b=per_hour;q=10;r=7;t=3540,b=per_day;q=100;r=90;t=80000`. What cannot be
 * read is left out.
 */
export function clientQuotaOf(header: string | null): QuotaBucket[] | undefined {
  if (header === null || header.length > maxLength) return undefined;
  const buckets = header.split(',').flatMap(bucketOf);
  return buckets.length > 0 ? buckets : undefined;
}

function bucketOf(text: string): QuotaBucket[] {
  const fields = new Map(text.split(';').map((field) => field.trim().split('=', 2) as [string, string]));
  const [name = '', ...numbers] = ['b', 'q', 'r', 't'].map((field) => fields.get(field)?.trim() ?? '');
  if (!/^[\w-]{1,32}$/.test(name) || !numbers.every((number) => /^\d{1,12}$/.test(number))) return [];
  const [quota = 0, remaining = 0, resetAfter = 0] = numbers.map(Number);
  return remaining <= quota ? [{ name, quota, remaining, resetAfter }] : [];
}
