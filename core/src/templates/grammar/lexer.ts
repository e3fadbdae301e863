import { lex, TOKEN_DATA, TOKEN_FLOAT, TOKEN_INT, TOKEN_STRING, TOKEN_SYMBOL } from 'nunjucks/src/lexer';
import type { Token, Tokenizer } from 'nunjucks/src/lexer';
import { TemplateSyntaxError } from '../errors';
import { spaceClass, strip } from '../python/text';
import { readString } from './literals';

// nunjucks exports the function that makes its tokenizer, and not the class.
const NunjucksTokenizer = lex('').constructor as new (source: string) => Tokenizer;

// Jinja2's forms, in its order; nunjucks knows no exponents, underscores or prefixes, and fewer escapes.
const forms: readonly (readonly [type: string, form: RegExp])[] = [
  [TOKEN_FLOAT, /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy],
  [TOKEN_INT, /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy],
  [TOKEN_SYMBOL, /[A-Za-z_]\w*/y],
  [TOKEN_STRING, /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y],
];
const spaces = new RegExp(`[${spaceClass}]+`, 'y');
const delimiters = '()[]{}%*-+~/#,:|.<>=!';

/** nunjucks' lexer with Jinja2's literals, comments and whitespace control; the parser sees neither of the last two. */
export class JinjaLexer extends NunjucksTokenizer {
  #dropsSpace = false;

  override nextToken(): Token | null {
    return this.in_code ? this.#codeToken() : this.#textToken();
  }

  #textToken(): Token | null {
    while (!this.isFinished()) {
      const begin = /\{[{%#]/g;
      begin.lastIndex = this.index;
      const tag = begin.exec(this.str);
      const end = tag?.index ?? this.len;
      const sign = this.str[end + 2];
      if (end > this.index) {
        const data = this.#data(end, sign === '-');
        if (data) return data;
      } else if (this.str[end + 1] === '#') {
        this.#skipComment(sign === '-' || sign === '+' ? end + 3 : end + 2);
      } else {
        const token = super.nextToken() as Token;
        if (sign === '+') this.forwardN(1);
        this.#dropsSpace = false;
        return { ...token, value: token.value.slice(0, 2) };
      }
    }
    return null;
  }

  #data(end: number, dropsEnd: boolean): Token | undefined {
    const token = { type: TOKEN_DATA, value: this.str.slice(this.index, end), lineno: this.lineno, colno: this.colno };
    if (this.#dropsSpace) token.value = strip(token.value, 'left');
    if (dropsEnd) token.value = strip(token.value, 'right');
    this.#dropsSpace = false;
    this.forwardN(end - this.index);
    return token.value === '' ? undefined : token;
  }

  #skipComment(from: number): void {
    const end = this.str.indexOf('#}', from);
    if (end < 0) this.#refuse('A comment is not closed');
    this.#dropsSpace = end > from && this.str[end - 1] === '-';
    this.forwardN(end + 2 - this.index);
  }

  #codeToken(): Token {
    this.forwardN(this.#match(spaces)?.length ?? 0);
    if (this.isFinished()) this.#refuse('A tag is not closed');
    const { lineno, colno } = this;
    for (const [type, form] of forms) {
      const found = this.#match(form);
      if (found === undefined) continue;
      const value = type === TOKEN_STRING ? readString(found.slice(1, -1)) : found;
      if (value === undefined) return this.#refuse('A string has a malformed escape');
      this.forwardN(found.length);
      return { type, value, lineno, colno };
    }
    const char = this.str.charAt(this.index);
    if (char === '"' || char === "'") this.#refuse('A string is not closed');
    if (!delimiters.includes(char)) this.#refuse('Unexpected character');
    if (this.str.startsWith('+%}', this.index)) this.forwardN(1);
    const token = super.nextToken() as Token;
    this.#dropsSpace = /^-[%}]\}$/.test(token.value);
    return this.#dropsSpace ? { ...token, value: token.value.slice(1) } : token;
  }

  #match(form: RegExp): string | undefined {
    form.lastIndex = this.index;
    return form.exec(this.str)?.[0];
  }

  #refuse(message: string): never {
    throw new TemplateSyntaxError(message, this.lineno + 1, this.colno + 1);
  }
}
