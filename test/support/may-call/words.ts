import ts from 'typescript';

/** The SDK's operations, indexes by name, and the parts of transactions. */
export function wordsOf(node: ts.Node): readonly string[] {
  if (ts.isNewExpression(node)) {
    const name = node.expression.getText();
    return /^[A-Z]\w+Command$/.test(name) ? [name.replace(/Command$/, '')] : [];
  }
  if (ts.isStringLiteral(node) && /^GSI\d$/.test(node.text) && !ts.isArrayLiteralExpression(node.parent)) {
    return [node.text];
  }
  if (ts.isPropertyAssignment(node) && PARTS.has(node.name.getText())) return [`${node.name.getText()}Item`];
  return [];
}

/** Members of an item of `TransactWriteItems`: what each needs a right to. */
const PARTS = new Set(['Put', 'Update', 'Delete', 'ConditionCheck']);
