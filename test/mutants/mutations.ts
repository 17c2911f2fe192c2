import ts from 'typescript';

/** One small change of a source file that a test should notice. Positions are offsets into the file's text. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly was: string;
  readonly becomes: string;
}

type Change = readonly [node: ts.Node, becomes: string];

const OPERATORS: Readonly<Partial<Record<ts.SyntaxKind, string>>> = {
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: '!==',
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: '===',
  [ts.SyntaxKind.LessThanToken]: '<=',
  [ts.SyntaxKind.LessThanEqualsToken]: '<',
  [ts.SyntaxKind.GreaterThanToken]: '>=',
  [ts.SyntaxKind.GreaterThanEqualsToken]: '>',
  [ts.SyntaxKind.AmpersandAmpersandToken]: '||',
  [ts.SyntaxKind.BarBarToken]: '&&',
  [ts.SyntaxKind.QuestionQuestionToken]: '&&',
  [ts.SyntaxKind.PlusToken]: '-',
  [ts.SyntaxKind.MinusToken]: '+',
  [ts.SyntaxKind.AsteriskToken]: '/',
  [ts.SyntaxKind.SlashToken]: '*',
};

const METHODS: ReadonlyMap<string, string> = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['min', 'max'],
  ['max', 'min'],
  ['startsWith', 'endsWith'],
  ['endsWith', 'startsWith'],
]);

/** Calls that change what is in a list, or its order: without them the list stays as it is. */
const OF_LISTS = new Set(['filter', 'toSorted', 'sort', 'toReversed', 'slice']);

/** The condition always holds, and never does. */
const always = (condition: ts.Expression): readonly Change[] => [
  [condition, 'true'],
  [condition, 'false'],
];

/** A value that a function returns: a constant becomes another one. */
function constants(returned: ts.Expression): readonly Change[] {
  const value = ts.isParenthesizedExpression(returned) ? returned.expression : returned;
  if (ts.isStringLiteral(value) && value.text !== '') return [[value, "''"]];
  if (ts.isNumericLiteral(value)) return [[value, String(Number(value.text) + 1)]];
  if (ts.isArrayLiteralExpression(value) && value.elements.length > 0) return [[value, '[]']];
  if (ts.isConditionalExpression(value)) {
    return [...constants(value.whenTrue), ...constants(value.whenFalse)];
  }
  return [];
}

function callChanges(node: ts.CallExpression, source: ts.SourceFile): readonly Change[] {
  if (!ts.isPropertyAccessExpression(node.expression)) return [];
  const { name, expression } = node.expression;
  const other = METHODS.get(name.text);
  if (other !== undefined) return [[name, other]];
  return OF_LISTS.has(name.text) ? [[node, expression.getText(source)]] : [];
}

function changesOf(node: ts.Node, source: ts.SourceFile): readonly Change[] {
  if (ts.isIfStatement(node)) return always(node.expression);
  if (ts.isConditionalExpression(node)) return always(node.condition);
  if (ts.isBinaryExpression(node)) {
    const other = OPERATORS[node.operatorToken.kind];
    return other === undefined ? [] : [[node.operatorToken, other]];
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    return [[node, `(${node.operand.getText(source)})`]];
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [[node, 'false']];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [[node, 'true']];
  if (ts.isCallExpression(node)) return callChanges(node, source);
  if (ts.isReturnStatement(node) && node.expression) return constants(node.expression);
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return constants(node.body);
  if (ts.isExpressionStatement(node)) return [[node, ';']];
  return [];
}

/** Types say nothing at run time. */
function isSkipped(node: ts.Node): boolean {
  return ts.isTypeNode(node) || ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node);
}

/** Every mutant of one file, in the order of its text. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Mutant[] = [];
  const visit = (node: ts.Node): void => {
    if (isSkipped(node)) return;
    for (const [changed, becomes] of changesOf(node, source)) {
      const start = changed.getStart(source);
      const line = source.getLineAndCharacterOfPosition(start).line + 1;
      found.push({ file, line, start, end: changed.end, was: changed.getText(source), becomes });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

export const mutated = (text: string, { start, end, becomes }: Mutant): string =>
  text.slice(0, start) + becomes + text.slice(end);
