import type { NamedParameter, Parameter } from '../../src/runtime/parameters.ts';

/** As much of an nk function's definition as its types must agree with. */
export interface Definition {
  readonly name: string;
  readonly parameters: readonly NamedParameter[];
}

/** Parameters that the types let a module leave out, as Nakama's do, and that the server asks for. */
const askedFor = new Set(['unlinkDevice']);

/**
 * Lines of TypeScript that compile only when the definitions take whatever the types let a module pass or leave out,
 * and when the types know all of a definition's parameters. What the types have beyond these has no effect.
 */
export function definitionAssertions(definitions: readonly Definition[]): string {
  const lines = definitions.flatMap(({ name, parameters }) => {
    const given = `Given<nkruntime.Nakama['${name}']>`;
    const taken = parameters.map(([, parameter]) => typeText(parameter));
    const one = (type: string, at: number) => {
      const mayEnd = parameters.slice(at).every(([, { kind }]) => kind === 'optional');
      return mayEnd || askedFor.has(name) ? `(${type})?` : type;
    };
    return [
      `export const ${name}: [${[...taken.map(one), '...any[]'].join(', ')}] = null! as ${given}; // arguments of ${name}`,
      `export type Has${name} = Holds<${parameters.length} extends ${given}['length'] ? true : false>; // parameters of ${name}`,
    ];
  });
  return [helpers, ...lines].join('\n');
}

/** What a function may be given; `void` in the types stands for a parameter that may be undefined before others. */
const helpers = `
type Holds<T extends true> = T;
type Given<F extends (...args: any[]) => any> = Nameless<Parameters<F>>;
type Nameless<T extends unknown[]> = { [I in keyof T]: void extends T[I] ? Exclude<T[I], void> | undefined : T[I] };
`;

/** What passes the check of a parameter. */
function typeText(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'text':
    case 'uuid':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'scalar':
      return 'string | number | boolean';
    case 'binary':
      return 'ArrayBuffer';
    case 'textOrBinary':
      return 'string | ArrayBuffer';
    case 'object':
      return 'object';
    case 'texts':
      return '{ [key: string]: string }';
    case 'json':
      return 'any';
    case 'audience':
      return 'nkruntime.NotificationAudience';
    case 'list':
      return `(${typeText(parameter.of)})[]`;
    case 'record': {
      const fields = Object.entries(parameter.fields).map(
        ([name, field]) => `${name}${field.kind === 'optional' ? '?' : ''}: ${typeText(field)}`,
      );
      return `{ ${fields.join('; ')} }`;
    }
    case 'optional':
      return `${typeText(parameter.of)} | undefined${parameter.orNull ? ' | null' : ''}`;
  }
}
