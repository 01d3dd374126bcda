/** The kinds and ids, in pairs, that the last part of an ARN is made of: such as `mesh/shop/virtualRouter/shop/route/shop`. */
export function idsIn(arn: string): ReadonlyMap<string, string> {
  const parts = arn.split(':').slice(5).join(':').split('/');
  return new Map(parts.flatMap((kind, index) => (index % 2 === 0 ? [[kind, parts[index + 1] ?? ''] as const] : [])));
}
