type Node = { readonly id: string; readonly requires: readonly string[] };

/** Orders nodes so that each follows what it requires; a node on a circle is given with that circle, spelt out. */
export function orderByRequires<T extends Node>(nodes: readonly T[]): ReadonlyMap<T, string | undefined> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const circles = new Map<T, string>();
  const ordered = new Map<T, string | undefined>();
  const visit = (node: T, path: readonly T[]): void => {
    const ring = path.includes(node) ? path.slice(path.indexOf(node)) : [];
    for (const member of ring) circles.set(member, [...ring, node].map(({ id }) => id).join(' -> '));
    if (ring.length > 0 || ordered.has(node)) return;
    const required = node.requires.map((id) => byId.get(id)).filter((found) => found !== undefined);
    for (const next of required) visit(next, [...path, node]);
    ordered.set(node, circles.get(node));
  };
  for (const node of nodes) visit(node, []);
  return ordered;
}
