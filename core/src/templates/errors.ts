import { coreErrors, LatchkeyError } from '../errors';

/** A template that cannot be parsed or uses what is not allowed, with the place (both count from 1). */
export class TemplateSyntaxError extends LatchkeyError {
  constructor(
    message: string,
    readonly line: number,
    readonly column: number,
  ) {
    super('template-syntax', `${message} (line ${line}, column ${column})`, coreErrors['template-syntax'].remedy);
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), line: this.line, column: this.column };
  }
}

/** A template that cannot be rendered for an object; names the path that failed and never a value of the object. */
export class TemplateRenderError extends LatchkeyError {
  constructor(
    message: string,
    readonly path?: string | undefined,
  ) {
    super('template-render', message, coreErrors['template-render'].remedy);
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), path: this.path };
  }
}
