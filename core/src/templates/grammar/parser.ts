import * as lexer from 'nunjucks/src/lexer';
import type { Token } from 'nunjucks/src/lexer';
import * as nodes from 'nunjucks/src/nodes';
import { TemplateSyntaxError } from '../errors';
import { limits } from '../limits';
import { JinjaLexer } from './lexer';
import { isOperator, isWord, OperandParser } from './operand-parser';

type BinaryNode = new (line: number, column: number, left: nodes.Node, right: nodes.Node) => nodes.Node;

const products: Readonly<Record<string, BinaryNode>> = {
  '*': nodes.Mul,
  '/': nodes.Div,
  '//': nodes.FloorDiv,
  '%': nodes.Mod,
};
const sums: Readonly<Record<string, BinaryNode>> = { '+': nodes.Add, '-': nodes.Sub };
const joins: Readonly<Record<string, BinaryNode>> = { '~': nodes.Concat };
const compares = new Set(['==', '!=', '<', '>', '<=', '>=']);
/** nunjucks' parser with Jinja2's precedence, slices, tuples and tests, and with `if` as its only statement. */
export class JinjaParser extends OperandParser {
  #depth = 0;

  constructor(source: string) {
    super(new JinjaLexer(source));
  }

  override error(message: string, line?: number, column?: number): TemplateSyntaxError {
    const token = line === undefined ? this.peekToken() : undefined;
    const at = {
      line: line ?? token?.lineno ?? this.tokens.lineno,
      column: column ?? token?.colno ?? this.tokens.colno,
    };
    return new TemplateSyntaxError(message.replace(/^parse\w+: /, ''), at.line + 1, at.column + 1);
  }

  override parseStatement(): nodes.Node | null {
    const token = this.peekToken() as Token;
    if (this.breakOnBlocks?.includes(token.value) && token.value !== 'elseif') return null;
    return token.value === 'if' ? this.parseIf() : this.refuse(`{% ${token.value} %} is not allowed here`, token);
  }

  override parseIf(): nodes.Node {
    return this.#nested(() => super.parseIf());
  }

  /** Every way into an expression passes here, a bracket's too. */
  override parseNot(): nodes.Node {
    return this.#nested(() => super.parseNot());
  }

  override parseUnary(isSigned = false): nodes.Node {
    return isSigned ? this.#nested(() => super.parseUnary(true)) : super.parseUnary();
  }

  override parseInlineIf(): nodes.Node {
    let node = this.parseOr();
    while (this.skipSymbol('if')) {
      const { lineno, colno } = node;
      const condition = this.parseOr();
      const otherwise = this.skipSymbol('else') ? this.#nested(() => this.parseInlineIf()) : null;
      node = new nodes.InlineIf(lineno, colno, condition, node, otherwise);
    }
    return node;
  }

  /** Jinja2's comparisons, `in` and `not in` among them, are one chain. */
  override parseIn(): nodes.Node {
    const first = this.#binary(sums, this.#join);
    const chain: nodes.CompareOperand[] = [];
    for (;;) {
      const token = this.nextToken();
      const isNot = isWord(token, 'not');
      const type = isNot && this.skipSymbol('in') ? 'not in' : token.value;
      if (isNot && type === 'not') this.refuse('Expected "in" after "not"', token);
      if (!isNot && !isWord(token, 'in') && !(token.type === lexer.TOKEN_OPERATOR && compares.has(type))) {
        this.pushToken(token);
        break;
      }
      chain.push(new nodes.CompareOperand(token.lineno, token.colno, this.#binary(sums, this.#join), type));
    }
    return chain[0] ? new nodes.Compare(chain[0].lineno, chain[0].colno, first, chain) : first;
  }

  #join = () => this.#binary(joins, this.#product);
  #product = () => this.#binary(products, () => this.parseUnary());

  #binary(operators: Readonly<Record<string, BinaryNode>>, operand: () => nodes.Node): nodes.Node {
    let left = operand();
    for (;;) {
      const token = this.nextToken();
      const Operator = isOperator(token) && Object.hasOwn(operators, token.value) ? operators[token.value] : undefined;
      if (!Operator) {
        if (token.value === '**' && isOperator(token)) this.refuse('** is not allowed', token);
        this.pushToken(token);
        return left;
      }
      left = new Operator(token.lineno, token.colno, left, operand());
    }
  }

  /** What may follow an operand: filters and tests bind alike, and tighter than every operator but the signs. */
  override parseFilter(operand: nodes.Node): nodes.Node {
    let node = operand;
    for (;;) {
      if (this.skip(lexer.TOKEN_PIPE)) {
        const name = this.parseFilterName();
        node = new nodes.Filter(name.lineno, name.colno, name, this.#arguments(name, [node]));
      } else if (this.skipSymbol('is')) {
        node = this.#test(node);
      } else return node;
    }
  }

  #test(operand: nodes.Node): nodes.Node {
    const isNegated = this.skipSymbol('not');
    const name = this.parseFilterName();
    const args = this.#arguments(name, []);
    if (args.children.length === 0 && this.startsOperand()) args.addChild(this.parsePrimary());
    if (args.children.length === 0 && isWord(this.peekToken() as Token, 'is')) this.fail('Tests cannot be chained');
    const test = new nodes.Is(name.lineno, name.colno, operand, new nodes.FunCall(name.lineno, name.colno, name, args));
    return isNegated ? new nodes.Not(name.lineno, name.colno, test) : test;
  }

  #arguments(at: nodes.Node, first: nodes.Node[]): nodes.NodeList {
    const list = new nodes.NodeList(at.lineno, at.colno, first);
    if (this.peekToken()?.type !== lexer.TOKEN_LEFT_PAREN) return list;
    for (const node of this.parseSignature().children) list.addChild(node);
    return list;
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth > limits.depth) this.fail('The template is nested too deeply');
    const node = parse();
    this.#depth--;
    return node;
  }
}
