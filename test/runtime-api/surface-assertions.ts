/**
 * Turns the description of Nakama's module API into a namespace of types, and into lines of TypeScript of which each
 * compiles only when ours can stand in for one member of it.
 */

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
}

interface TypeParameter {
  readonly name: string;
  readonly extends?: string;
  readonly default?: string;
}

interface Signature {
  readonly params: readonly Parameter[];
  readonly returns: string;
  readonly typeParams?: readonly TypeParameter[];
}

type Method = Signature & { readonly name: string };

interface Shape {
  readonly fields?: readonly Parameter[];
  readonly index?: readonly { readonly key: string; readonly type: string }[];
  readonly typeParams?: readonly TypeParameter[];
}

/** The description, as far as it is read here. */
export interface Surface {
  readonly nakama: readonly Method[];
  readonly initializer: readonly Method[];
  readonly logger: readonly Method[];
  readonly matchDispatcher: readonly Method[];
  readonly satori: readonly Method[];
  readonly initModule: Signature;
  readonly hookTypes: Readonly<
    Record<string, { readonly calls: readonly Signature[]; readonly typeParams?: readonly TypeParameter[] }>
  >;
  readonly typeAliases: Readonly<Record<string, { readonly type: string }>>;
  readonly interfaces: Readonly<Record<string, Shape>>;
  readonly enums: Readonly<Record<string, { readonly members: Readonly<Record<string, string | number>> }>>;
  readonly consts: Readonly<Record<string, { readonly value: string }>>;
}

/** Where the described types are wrong at run time and ours are right: what ours is measured by instead. */
const correctedFields: Readonly<Record<string, string>> = {
  'Event.properties': 'properties?: { [key: string]: string }',
  'HttpResponse.headers': 'headers: { [name: string]: string[] }',
  'MatchJoinMessage.id': 'id?: any',
  'Users.users': 'users: User[]',
};

const correctedReturns: Readonly<Record<string, string>> = {
  friendsAdd: 'void',
  friendsBlock: 'void',
  friendsDelete: 'void',
  streamUserGet: 'Presence | null',
  streamUserJoin: 'boolean',
};

/** Results with a field more than described, which modules are given and do not make. */
const onlyGiven = new Set(['LeaderboardRecord', 'LeaderboardRecordList', 'TournamentRecordList']);

/** Requests whose fields may be left out at run time, though described as required; the server alone reads them. */
const onlyTaken = new Set(['StorageDeleteRequest', 'StorageReadRequest', 'StorageWriteRequest']);

/** What ours has beyond the described members. */
export const additions = {
  nakama: ['accountImportId', 'async'],
  initializer: [
    'registerAfterGetSubscription',
    'registerAfterListSubscriptions',
    'registerAfterSessionLogout',
    'registerAfterSessionRefresh',
    'registerAfterValidatePurchaseFacebookInstant',
    'registerAfterValidatePurchaseSamsung',
    'registerBeforeGetSubscription',
    'registerBeforeListSubscriptions',
    'registerBeforeSessionLogout',
    'registerBeforeSessionRefresh',
    'registerBeforeValidatePurchaseFacebookInstant',
    'registerBeforeValidatePurchaseSamsung',
  ],
};

const helpers = `
type Holds<T extends true> = T;
type IsAny<T> = 0 extends 1 & T ? true : false;
type Takes<Ours extends (...args: any[]) => any, Theirs extends (...args: any[]) => any> =
  Parameters<Theirs>['length'] extends Parameters<Ours>['length'] ? true : false;
type SameLooseness<Ours extends (...args: any[]) => any, Theirs extends (...args: any[]) => any> =
  [IsAny<ReturnType<Ours>>, void] extends [IsAny<ReturnType<Theirs>>, void] ? true : false;
type None<T> = [T] extends [never] ? true : false;
`;

/** The described API as a namespace `described`, whose enums are those of `nkruntime`. */
export function describedNamespace(surface: Surface): string {
  const interfaces = Object.entries(surface.interfaces).map(([name, shape]) => interfaceText(name, shape));
  const aliases = Object.entries(surface.typeAliases).map(([name, { type }]) => `type ${name} = ${type};`);
  const enums = Object.keys(surface.enums).map((name) => `type ${name} = nkruntime.${name};`);
  const hooks = Object.entries(surface.hookTypes).map(
    ([name, { calls, typeParams }]) =>
      `interface ${name}${typeParameters(typeParams)} { ${calls.map((call) => `${signature(call)};`).join(' ')} }`,
  );
  return [
    'declare namespace described {',
    ...interfaces,
    ...aliases,
    ...enums,
    ...hooks,
    classText('Nakama', surface.nakama),
    classText('Initializer', surface.initializer),
    classText('Logger', surface.logger.map(withRest)),
    classText('MatchDispatcher', surface.matchDispatcher),
    classText('Satori', surface.satori),
    `interface InitModule { ${signature(surface.initModule)}; }`,
    '}',
  ].join('\n');
}

/** One line of TypeScript for each thing that must hold, with a comment that names the member. */
export function surfaceAssertions(surface: Surface): string {
  return [
    helpers,
    ...members('Nakama', surface.nakama, additions.nakama),
    ...members('Initializer', surface.initializer, additions.initializer),
    ...members('Logger', surface.logger, []),
    ...members('MatchDispatcher', surface.matchDispatcher, []),
    ...members('Satori', surface.satori, []),
    'export const initModule: nkruntime.InitModule = null! as described.InitModule; // InitModule',
    ...Object.entries(surface.hookTypes).map(([name, { typeParams }]) => {
      const given = typeArguments(typeParams);
      return `export const hook${name}: nkruntime.${name}${given} = null! as described.${name}${given}; // ${name}`;
    }),
    ...Object.keys(surface.interfaces).flatMap(interfaceAssertions),
    ...Object.keys(surface.typeAliases).flatMap((name) => [
      `export const give${name}: described.${name} = null! as ${aliasGiven(name)}; // ${name}, as a module reads it`,
      `export const take${name}: nkruntime.${name} = null! as described.${name}; // ${name}, as a module makes it`,
    ]),
    ...Object.entries(surface.enums).flatMap(([name, { members: values }]) =>
      Object.entries(values).map(
        ([member, value]) =>
          `export type ${name}${member} = Holds<\`\${nkruntime.${name}.${member}}\` extends '${value}' ? true : false>; // ${name}.${member}`,
      ),
    ),
    ...Object.entries(surface.consts).map(
      ([name, { value }]) => `export const const${name}: '${value}' = nkruntime.${name}; // ${name}`,
    ),
  ].join('\n');
}

/** Our hook names are one more than described, so that only the other direction can hold. */
function aliasGiven(name: string): string {
  if (name === 'RtHookMessage') return "Exclude<nkruntime.RtHookMessage, 'PartyUpdate'>";
  if (name === 'Envelope') return 'Exclude<nkruntime.Envelope, nkruntime.EnvelopePartyUpdate>';
  return `nkruntime.${name}`;
}

function interfaceAssertions(name: string): string[] {
  const keys = `export type Keys${name} = Holds<None<Exclude<keyof described.${name}, keyof nkruntime.${name}>>>; // fields of ${name}`;
  const give = `export const give${name}: described.${name} = null! as nkruntime.${name}; // ${name}, as a module reads it`;
  const take = `export const take${name}: nkruntime.${name} = null! as described.${name}; // ${name}, as a module makes it`;
  if (name === 'MatchHandler' || onlyTaken.has(name)) return [keys, take];
  return onlyGiven.has(name) ? [keys, give] : [keys, give, take];
}

function members(type: string, methods: readonly Method[], added: readonly string[]): string[] {
  const extra = [...methods.map((method) => method.name), ...added].map((name) => `'${name}'`).join(' | ');
  const lines = [
    `export type Extra${type} = Holds<None<Exclude<keyof nkruntime.${type}, ${extra}>>>; // members of ${type}`,
  ];
  for (const { name } of methods) {
    const ours = `nkruntime.${type}['${name}']`;
    const theirs = `described.${type}['${name}']`;
    lines.push(
      `export const ${type}_${name}: ${theirs} = null! as ${ours}; // ${type}.${name}`,
      `export type Takes${type}${name} = Holds<Takes<${ours}, ${theirs}>>; // parameters of ${type}.${name}`,
      `export type Any${type}${name} = Holds<SameLooseness<${ours}, ${theirs}>>; // result of ${type}.${name}`,
    );
  }
  return lines;
}

function interfaceText(name: string, { fields = [], index = [], typeParams }: Shape): string {
  const lines = fields.map((field) => {
    const described = `${field.name}${field.optional ? '?' : ''}: ${field.type}`;
    return `${correctedFields[`${name}.${field.name}`] ?? described};`;
  });
  const rest = index.map(({ key, type }) => `[key: ${key}]: ${type};`);
  return `interface ${name}${typeParameters(typeParams)} { ${[...lines, ...rest].join(' ')} }`;
}

/** Members are functions in fields, which compares their parameters strictly. */
function classText(name: string, methods: readonly Method[]): string {
  const lines = methods.map((method) => {
    const returns = (name === 'Nakama' && correctedReturns[method.name]) || method.returns;
    return `${method.name}: ${signature({ ...method, returns }, ' => ')};`;
  });
  return `interface ${name} { ${lines.join('\n')} }`;
}

/** The description drops that the log functions take any number of arguments. */
function withRest(method: Method): Method {
  return { ...method, params: method.params.map((p) => (p.name === 'args' ? { ...p, name: '...args' } : p)) };
}

function signature({ params, returns, typeParams }: Signature, arrow = ': '): string {
  const list = params.map(({ name, type, optional }) => `${name}${optional ? '?' : ''}: ${type}`).join(', ');
  return `${typeParameters(typeParams)}(${list})${arrow}${returns}`;
}

function typeParameters(list: readonly TypeParameter[] = []): string {
  if (list.length === 0) return '';
  const one = (p: TypeParameter) =>
    p.name + (p.extends ? ` extends ${p.extends}` : '') + (p.default ? ` = ${p.default}` : '');
  return `<${list.map(one).join(', ')}>`;
}

/** Something to put in for type parameters that have no default. */
function typeArguments(list: readonly TypeParameter[] = []): string {
  const needed = list.filter((p) => !p.default);
  if (needed.length === 0) return '';
  return `<${needed.map((p) => (p.extends ? 'nkruntime.EnvelopePing' : '{ a: string }')).join(', ')}>`;
}
