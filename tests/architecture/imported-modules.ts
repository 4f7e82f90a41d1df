import ts from 'typescript';

/**
 * The names of all modules that a source file names: import and export-from (types too), side-effect imports,
 * `import()` of values and types, `require()`, `require.resolve()` and `createRequire(...)()` of a literal. Of a
 * component, those of its scripts; of a style sheet or page, none.
 */
export function importedModules(file: string, text: string): string[] {
  const code = file.endsWith('.svelte') ? scriptsOf(text) : text;
  const found: string[] = [];
  const take = (node: ts.Node | undefined) => {
    if (node && ts.isStringLiteralLike(node)) found.push(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) take(node.moduleSpecifier);
    else if (ts.isImportTypeNode(node))
      take(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
    else if (ts.isCallExpression(node) && loadsModule(node)) take(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(`${file}.ts`, code, ts.ScriptTarget.Latest, true));
  return found;
}

function scriptsOf(component: string): string {
  return [...component.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, code]) => code).join('\n');
}

function loadsModule({ expression }: ts.CallExpression): boolean {
  if (expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(expression)) return expression.text === 'require';
  if (ts.isCallExpression(expression)) return isCreateRequire(expression);
  return (
    ts.isPropertyAccessExpression(expression) &&
    expression.name.text === 'resolve' &&
    ((ts.isIdentifier(expression.expression) && expression.expression.text === 'require') ||
      (ts.isCallExpression(expression.expression) && isCreateRequire(expression.expression)))
  );
}

function isCreateRequire({ expression }: ts.CallExpression): boolean {
  return ts.isIdentifier(expression) && expression.text === 'createRequire';
}
