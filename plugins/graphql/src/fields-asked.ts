import { Kind, type GraphQLResolveInfo, type SelectionNode } from 'graphql';

const known = new WeakMap<GraphQLResolveInfo['fieldNodes'][number], number>();

/** How many fields a query asks of each row that a field gives. */
export function fieldsAsked({ fieldNodes, fragments }: GraphQLResolveInfo): number {
  const fieldsOf = (selection: SelectionNode): number => {
    if (selection.kind === Kind.FIELD) return 1;
    const { selectionSet } =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : { ...fragments[selection.name.value] };
    return (selectionSet?.selections ?? []).reduce((sum, inner) => sum + fieldsOf(inner), 0);
  };
  return fieldNodes.reduce((sum, node) => {
    const own = known.get(node) ?? (node.selectionSet?.selections ?? []).reduce((all, one) => all + fieldsOf(one), 0);
    known.set(node, own);
    return sum + own;
  }, 0);
}
