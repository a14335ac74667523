import { z } from 'zod';

const count = (max: number) => z.coerce.number().int().min(0).max(max);

/** How a list is asked for: pages of Auth0's older kind, or `from` and `take`. */
export const pageQuery = z.object({
  page: count(100_000).default(0),
  per_page: count(100).default(50),
  include_totals: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .default(false),
  from: z.string().max(200).optional(),
  take: count(100).optional(),
});

/** A parsed {@link pageQuery}. */
export type PageQuery = z.infer<typeof pageQuery>;

/**
 * One page of a list: a bare array, or with `include_totals` an object that says how many there are. `take` wins over
 * both and answers `next` as long as there is more.
 *
 * @param name of the list's member, such as `clients`
 * @param idOf the checkpoint of an item for `from`
 */
export function page<Item>(
  name: string,
  items: readonly Item[],
  query: PageQuery,
  idOf: (item: Item) => string,
): unknown {
  if (query.take !== undefined || query.from !== undefined) {
    const take = query.take || 50;
    const found = query.from === undefined ? -1 : items.findIndex((item) => idOf(item) === query.from);
    const part = items.slice(found + 1, found + 1 + take);
    const last = part.at(-1);
    const more = found + 1 + take < items.length;
    return { [name]: part, ...(more && last !== undefined && { next: idOf(last) }) };
  }
  const start = query.page * query.per_page;
  const part = items.slice(start, start + query.per_page);
  if (!query.include_totals) return part;
  return { start, limit: query.per_page, length: part.length, total: items.length, [name]: part };
}

/**
 * One page of a list that always says how many there are, as that of the Actions does.
 *
 * @param name of the list's member, such as `actions`
 */
export function numberedPage<Item>(
  name: string,
  items: readonly Item[],
  { page: number, per_page: size }: PageQuery,
): unknown {
  const part = items.slice(number * size, (number + 1) * size);
  return { total: items.length, page: number, per_page: size, [name]: part };
}
