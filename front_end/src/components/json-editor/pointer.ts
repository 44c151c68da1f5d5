import type { SyntaxNode, Tree } from '@lezer/common';

/** Where in a JSON text a JSON Pointer leads: the value's place, or that of the nearest parent that is there. */
export function placeOf(tree: Tree, text: string, pointer: string): { from: number; to: number } {
  let node: SyntaxNode = tree.topNode.firstChild ?? tree.topNode;
  const parts = pointer.split('/').slice(1);
  for (const part of parts) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const child = node.name === 'Array' ? element(node, Number(key)) : property(node, text, key);
    if (!child) break;
    node = child;
  }
  // A whole object underlined would hide what is meant; its first brace is enough.
  const isLarge = node.name === 'Object' || node.name === 'Array';
  return { from: node.from, to: isLarge ? Math.min(node.from + 1, node.to) : node.to };
}

function element(array: SyntaxNode, index: number): SyntaxNode | undefined {
  return children(array).filter(({ name }) => !/^[[\],⚠]$/.test(name))[index];
}

function property(object: SyntaxNode, text: string, key: string): SyntaxNode | undefined {
  const found = children(object).find((child) => {
    const name = child.getChild('PropertyName');
    return name !== null && unquoted(text.slice(name.from, name.to)) === key;
  });
  return found?.lastChild ?? undefined;
}

function unquoted(name: string): string {
  try {
    return JSON.parse(name) as string;
  } catch {
    return name;
  }
}

function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}
